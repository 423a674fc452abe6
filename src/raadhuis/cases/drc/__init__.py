"""Documents as other applications read and write them: the national model of an (enkelvoudig) informatieobject and what
hangs on it (ZGW Documenten 1.7).

`rendering` writes it as JSON, `access` says who may, `queries` and `actions` are the door; `writing` turns what was
sent into columns, `rules` are the standard's rules, `content` brings bytes to the file store.
"""
