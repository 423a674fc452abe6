"""The catalogue as other applications read and write it: the national model of types (ZGW Catalogi 1.3).

`resources` says what there is, `rendering` writes it as JSON, `writing` reads what was sent, `rules` are the standard's
rules on writing; `queries` and `actions` are the door.
"""
