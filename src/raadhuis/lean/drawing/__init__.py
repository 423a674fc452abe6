"""From a process map to a picture: what is shown of it (`choosing`), and where that stands (`laying`)."""
