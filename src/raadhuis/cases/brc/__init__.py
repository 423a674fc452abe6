"""Decisions as other applications read and write them: the national model of a Besluit (ZGW Besluiten 1.1)."""
