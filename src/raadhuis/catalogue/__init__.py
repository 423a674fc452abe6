"""Floor 2: what the municipality offers. Service definitions and their versions, and the ZaakTypen they publish.

Comes in: YAML of a service editor. Goes out: published, immutable definitions with the ids of their ZaakType.
Always holds: law 5 of the house: what is published never changes.
"""
