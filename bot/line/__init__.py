"""LINE's ways: its events read tolerantly, its limits kept, its API called. Numbers come from LINE's documentation."""
