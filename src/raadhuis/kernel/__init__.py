"""Floor 0: what every room stands on. Ids, time, actors, problems, privacy, transactions, expressions.

Comes in: settings. Goes out: plain values. Always holds: nothing here knows what a case or a service is.
"""
