"""Cases as other applications read them: the national model of a Zaak and what hangs on it (ZGW Zaken 1.5)."""
