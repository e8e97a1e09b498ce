"""The published knowledge in the database: immutable numbered versions, drafts, and the built indexes."""
