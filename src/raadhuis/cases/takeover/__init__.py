"""Taking over another register through its national APIs (ZGW): catalogue, documents, cases, decisions.

`walking` reads it page by page, `addresses` and `reading` turn what it tells into what is ours, `taking`, `documenten`
and `besluiten` write rows, `progress` remembers how far it came, `comparing` says what differs; `run` is the door.
"""
