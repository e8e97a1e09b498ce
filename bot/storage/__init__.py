"""The database: base class and types of the tables, transactions, migrations."""
