"""What the citizen means: pure functions from Thai text to a decision. One door: intents.understand.understand()."""
