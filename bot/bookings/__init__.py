"""Slots, and the places citizens take in them; the database itself refuses a place too many."""
