"""How work really flows: event logs, and what is worked out from them."""
