"""A turn of the conversation: what came, what it means now, what is done about it. Start reading in turn.py."""
