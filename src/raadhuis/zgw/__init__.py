"""Room `zgw`: the national case APIs over HTTP. It reads tokens, parameters and bodies, and writes answers; what a
resource is, and what may be done with it, is known below.
"""
