"""The web edge: LINE's webhook, the officers' desk, the knowledge pages. Transactions are opened here."""
