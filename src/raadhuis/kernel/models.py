"""Tables of the kernel: the link between a person and a pseudonym, and counters for throttling."""

from django.db import models


class Pseudonym(models.Model):
    """The only link between an identifying number (as keyed hash) and the pseudonym in the journal."""

    kind = models.CharField(max_length=16)
    lookup = models.CharField(max_length=64)
    pseudonym = models.CharField(max_length=32, unique=True)

    class Meta:
        app_label = "kernel"
        constraints = [models.UniqueConstraint(fields=["kind", "lookup"], name="one_pseudonym_a_person")]


class Throttle(models.Model):
    """How often something was tried in the running window; `key` is a keyed hash, never an address or a name."""

    key = models.CharField(max_length=64, primary_key=True)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        app_label = "kernel"
