"""The append-only log under everything: what happened, in what order, told without personal data.

Comes in: events from the actions of other rooms, inside their transaction. Goes out: events in order, to readers
with cursors, to the seal, to Parquet. Always holds: laws 1 to 4 of the house.
"""
