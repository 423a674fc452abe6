"""The audit trail that the national APIs demand: who changed what about a case, a decision or a document."""

from django.db import models

from raadhuis.kernel.ids import uuid7


class AuditRegel(models.Model):
    """One change. `main` is the id of the case, decision or document that it is about, and with which it goes away.

    `sealed` is the encrypted {"oud": …, "nieuw": …}: the documents before and after, so personal data.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    main = models.UUIDField()
    bron = models.CharField(max_length=3)
    applicatie_id = models.CharField(max_length=100)
    applicatie_weergave = models.CharField(max_length=200)
    gebruikers_id = models.CharField(max_length=255, default="")
    gebruikers_weergave = models.CharField(max_length=255, default="")
    actie = models.CharField(max_length=20)
    resultaat = models.PositiveSmallIntegerField()
    """The HTTP status of the answer."""
    resource = models.CharField(max_length=50)
    resource_url = models.CharField(max_length=1000)
    """Without the server (kernel.documents.MARK)."""
    resource_weergave = models.CharField(max_length=200)
    toelichting = models.TextField(default="")
    aanmaakdatum = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        app_label = "cases"
        indexes = [models.Index(fields=["main", "id"], name="audit_by_main")]
