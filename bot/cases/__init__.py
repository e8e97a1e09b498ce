"""An officer's work: open, claim, answer, return, resolve."""
