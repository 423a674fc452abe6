"""How long a running case still takes: learned from cases that are over, scored on later ones, shown when worth it."""
