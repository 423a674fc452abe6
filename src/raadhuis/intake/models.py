"""Tables of intake: applications that are being filled in, and the files that were added to them."""

from django.db import models

from raadhuis.kernel.ids import uuid7


class Application(models.Model):
    """An application on its way. `sealed` is everything typed and known, encrypted as a whole.

    `owner` is the keyed hash of who logged in; without it the browser's session holds the id. `state`: open,
    submitted, abandoned. After submission `sealed` is emptied: the case has it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    service = models.CharField(max_length=80)
    version = models.UUIDField()
    service_version = models.PositiveIntegerField()
    owner = models.CharField(max_length=64, default="")
    pseudonym = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    sealed = models.BinaryField()
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, default="open")
    begun = models.DateTimeField()
    changed = models.DateTimeField()
    last_page = models.CharField(max_length=60, default="")
    resume = models.CharField(max_length=64, default="")
    """Keyed hash of the resume link's secret."""
    receipt = models.BinaryField(default=bytes)

    class Meta:
        app_label = "intake"
        indexes = [
            models.Index(fields=["owner", "-changed"], name="drafts_of_owner", condition=models.Q(state="open")),
            models.Index(fields=["changed"], name="drafts_by_age", condition=models.Q(state="open")),
            models.Index(fields=["resume"], name="draft_by_link"),
        ]


MOST_NAME = 140
"""A group, a row and a question, each name as long as `catalogue.check` allows (64)."""


class Upload(models.Model):
    """A file that is durable in the file store and belongs to an answer. Renaming it later changes nothing there."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="uploads")
    question = models.CharField(max_length=MOST_NAME)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=100)
    file_key = models.CharField(max_length=128)
    scanned = models.CharField(max_length=12, default="unscanned")
    added = models.DateTimeField()

    class Meta:
        app_label = "intake"
        indexes = [
            models.Index(fields=["application", "question"], name="uploads_of_answer"),
            models.Index(fields=["file_key"], name="upload_by_file"),
        ]
