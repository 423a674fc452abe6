"""The example municipality, Waterrijk: its services, and a past to look back on. Everything in it is invented."""
