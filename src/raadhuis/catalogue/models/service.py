"""The versions of service definitions. A trigger (migration 0002) refuses to change one that was published (law 5)."""

from django.db import models

from raadhuis.kernel.ids import uuid7


class ServiceVersion(models.Model):
    """One version of a service. `state`: draft, published, retired; of one service at most one is published.

    `source` is the YAML as the editor wrote it, comments included; `definition` the same as canonical JSON.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    service = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="draft")
    source = models.TextField()
    definition = models.TextField()
    sha256 = models.CharField(max_length=64)
    zaaktype = models.UUIDField(null=True)
    made = models.DateTimeField()
    made_by = models.CharField(max_length=200, default="")
    published = models.DateTimeField(null=True)
    retired = models.DateTimeField(null=True)

    class Meta:
        app_label = "catalogue"
        constraints = [
            models.UniqueConstraint(fields=["service", "version"], name="one_row_a_version"),
            models.UniqueConstraint(
                fields=["service"], name="one_published_a_service", condition=models.Q(state="published")
            ),
            models.UniqueConstraint(fields=["service"], name="one_draft_a_service", condition=models.Q(state="draft")),
        ]


class Import(models.Model):
    """A form that came in from elsewhere, as it came last: `form` is its UUID there, `service` what it became here.

    `document` is the YAML that the import wrote, before anybody edited it: a newer export is compared with it. `names`
    (JSON) maps parts of the source to our ids, `report` (JSON) is the Outcome: what came along.
    """

    form = models.CharField(primary_key=True, max_length=64)
    service = models.CharField(max_length=80, db_index=True)
    document = models.TextField()
    names = models.TextField()
    report = models.TextField()
    made = models.DateTimeField()
    made_by = models.CharField(max_length=200, default="")

    class Meta:
        app_label = "catalogue"
