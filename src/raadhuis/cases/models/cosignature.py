"""The second signature that a case waits for."""

from django.db import models

from raadhuis.cases.models.zaak import Zaak


class CoSignature(models.Model):
    """Who must sign along before the case is handled; one a case, and only where the definition asks it.

    `state`: asked, given, refused, expired (not in time), cancelled (the case was closed first). `sealed`: the address,
    the name and the code, encrypted. A code that was sent to another address no longer opens anything.
    """

    zaak = models.OneToOneField(Zaak, on_delete=models.CASCADE, primary_key=True, related_name="cosignature")
    state = models.CharField(max_length=10, default="asked")
    level = models.CharField(max_length=12, default="")
    """How they must log in; "" for number and code only."""
    code = models.CharField(max_length=64)
    """Keyed hash of the code in the mail."""
    asked = models.DateTimeField()
    """When they were asked first: what they sign is what was there then."""
    sent = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    until = models.DateField()
    reminded = models.BooleanField(default=False)
    due = models.DateTimeField(null=True)
    """When something is to be done: the reminder, and after that the end."""
    answered = models.DateTimeField(null=True)
    signer = models.CharField(max_length=64, default="")
    """Keyed hash of who answered; "" for who did not log in."""
    sealed = models.BinaryField()

    class Meta:
        app_label = "cases"
        indexes = [
            models.Index(fields=["due"], name="cosignature_due", condition=models.Q(state="asked")),
            models.Index(fields=["code"], name="cosignature_by_code"),
            models.Index(fields=["signer"], name="cosignature_by_signer"),
        ]
