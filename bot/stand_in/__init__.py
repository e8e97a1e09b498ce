"""A stand-in for LINE's servers with a chat page; for trying out and for tests, never mounted in production."""
