"""`bot bench`: a whole installation measured against yardsticks, in one run, on this machine only."""
