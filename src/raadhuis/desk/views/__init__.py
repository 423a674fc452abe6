"""The desk's views, by what staff do: find work, do a task, look after a case, mind services and delivery."""
