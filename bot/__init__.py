"""What happens: the only package that touches network, database and clock."""
