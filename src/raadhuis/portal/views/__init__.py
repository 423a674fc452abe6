"""The portal's views, by what a resident does: find a service, fill in a form, follow a case."""
