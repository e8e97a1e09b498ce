"""What the centre knows: intents, articles, services, offices; how they are read, checked and reviewed."""
