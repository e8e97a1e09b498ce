"""How right the matcher is: on a file of questions, between two catalogues, and on public data."""
