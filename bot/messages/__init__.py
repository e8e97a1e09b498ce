"""The record: what came in, what went out, and how each delivery to LINE went."""
