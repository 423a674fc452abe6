"""Waste: work and waiting that nobody is helped by, as far as a log can tell."""
