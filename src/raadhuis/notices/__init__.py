"""Who is told what happens to cases, documents and decisions (ZGW Notificaties 1.0, and CloudEvents)."""
