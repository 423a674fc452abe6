"""How far the taking over of another register has come, and what of it needs a person."""

from django.db import models


class TakeOver(models.Model):
    """One register. `phase` and `page` say what comes next; `done` is what was taken of that page already.

    All of it is written in the transaction of the rows that it covers, so that a run that was killed goes on where it
    stopped.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=1000, unique=True)
    phase = models.CharField(max_length=60)
    page = models.PositiveIntegerField(default=1)
    done = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    """By resource: how many rows of this run were taken, there, differing, refused."""
    began = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        app_label = "cases"


class TakeOverFinding(models.Model):
    """A row of the other register that was refused by a rule, or is here but not the same. Never its values."""

    id = models.BigAutoField(primary_key=True)
    takeover = models.ForeignKey(TakeOver, on_delete=models.CASCADE, related_name="findings")
    resource = models.CharField(max_length=60)
    address = models.CharField(max_length=1000)
    """Where it is in the other register."""
    state = models.CharField(max_length=10)
    """refused, differs, or note: it is here, and this is what a person should know."""
    attribute = models.CharField(max_length=200)
    code = models.CharField(max_length=60)
    reason = models.CharField(max_length=500)

    class Meta:
        app_label = "cases"
