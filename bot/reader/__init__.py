"""A second reader, asked where the matcher is not sure."""
