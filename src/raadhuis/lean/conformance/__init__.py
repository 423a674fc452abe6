"""How well what happened fits a model: replay, alignments, the declared flow, and terms of law."""
