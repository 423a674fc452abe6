"""Room `clients`: the applications that speak with us, what each may do, and the secrets that they sign with."""
