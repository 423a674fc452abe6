"""Floor 1: one folder for each outside system: a port, the real client, and a stand-in that speaks the same protocol.

Comes in: plain values (a BSN, a postcode, a message). Goes out: frozen structs, or AdapterUnavailable.
Always holds: a client has a short deadline and reads at most 1 MiB of an answer; what an outside system says is
checked against a type before anybody sees it; no exception holds personal data. `config.from_settings` builds them.
"""
