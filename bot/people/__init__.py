"""Staff and how they sign in; the journal of who did what; citizens' privacy requests."""
