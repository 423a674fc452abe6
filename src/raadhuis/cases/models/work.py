"""What staff work with: tasks, messages, decisions as they were reached, colleagues."""

from django.db import models

from raadhuis.cases.models.zaak import Besluit, Zaak
from raadhuis.kernel.ids import uuid7


class CaseData(models.Model):
    """The answers of the application and what registers said then, encrypted as a whole."""

    zaak = models.OneToOneField(Zaak, on_delete=models.CASCADE, primary_key=True, related_name="case_data")
    sealed = models.BinaryField()
    title = models.CharField(max_length=120, default="")
    """A line for queues, without personal data."""

    class Meta:
        app_label = "cases"


class ZaakTeam(models.Model):
    """Which teams are involved, so may read: the owner of the service, and every team that got a task."""

    zaak = models.ForeignKey(Zaak, on_delete=models.CASCADE, related_name="teams")
    team = models.CharField(max_length=60)

    class Meta:
        app_label = "cases"
        constraints = [models.UniqueConstraint(fields=["zaak", "team"], name="one_row_a_team")]
        indexes = [models.Index(fields=["team", "-zaak"], name="zaken_of_team")]


MESSAGE_TASK = "applicant-message"
"""The key of a task that no definition names: read what the applicant wrote. It may stand on a closed case."""


class Task(models.Model):
    """A step for staff. `state`: offered, claimed, started, paused, done, cancelled.

    `key` is the task's id in the definition, or "ad-hoc". `revision` grows with each change, so that who acts on an
    old page is told instead of overwriting.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    zaak = models.ForeignKey(Zaak, on_delete=models.CASCADE, related_name="tasks")
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=12)
    title_nl = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, default="")
    team = models.CharField(max_length=60)
    role = models.CharField(max_length=20, default="handler")
    state = models.CharField(max_length=12, default="offered")
    assignee = models.CharField(max_length=40, default="")
    assignee_name = models.CharField(max_length=200, default="")
    offered = models.DateTimeField()
    claimed = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    due = models.DateField(null=True)
    pause_reason = models.CharField(max_length=40, default="")
    outcome = models.CharField(max_length=40, default="")
    sealed = models.BinaryField(default=bytes)
    """Encrypted: the note, the checklist, the advice, the proposal."""
    asked_by = models.UUIDField(null=True)
    """The task whose handler asked this advice."""
    revision = models.PositiveIntegerField(default=1)
    # Copied from the case, so that a queue is one indexed read of one table.
    open = models.BooleanField(default=True)
    sort_due = models.DateField()

    class Meta:
        app_label = "cases"
        indexes = [
            models.Index(fields=["team", "sort_due", "id"], name="task_queue", condition=models.Q(open=True)),
            models.Index(fields=["assignee", "sort_due", "id"], name="task_mine", condition=models.Q(open=True)),
            models.Index(fields=["zaak", "offered"], name="task_by_zaak"),
        ]


class Message(models.Model):
    """A message between town hall and applicant, or a note among staff (`direction` "internal")."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    zaak = models.ForeignKey(Zaak, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=16)
    author = models.CharField(max_length=200, default="")
    sealed = models.BinaryField()
    sent = models.DateTimeField()
    asks = models.BooleanField(default=False)
    asks_documents = models.BooleanField(default=False)
    answered = models.DateTimeField(null=True)
    read = models.DateTimeField(null=True)
    key = models.CharField(max_length=64, default="")
    """The idempotency key of the form it came from: pressed twice, sent once."""

    class Meta:
        app_label = "cases"
        indexes = [models.Index(fields=["zaak", "sent"], name="message_by_zaak")]
        constraints = [
            models.UniqueConstraint(fields=["zaak", "key"], name="message_once", condition=~models.Q(key=""))
        ]


class DecisionRecord(models.Model):
    """How a decision was reached, complete enough to replay it (law 6). `sealed`: facts, outcome, reasons, trace.

    `state`: advised (by the table, for a person), proposed, taken, returned, undone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    zaak = models.ForeignKey(Zaak, on_delete=models.CASCADE, related_name="decisions")
    besluit = models.ForeignKey(Besluit, null=True, on_delete=models.SET_NULL)
    state = models.CharField(max_length=10)
    result = models.CharField(max_length=12)
    automatic = models.BooleanField()
    table = models.CharField(max_length=80, default="")
    table_version = models.CharField(max_length=64, default="")
    made = models.DateTimeField()
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=200, default="")
    second = models.CharField(max_length=40, default="")
    second_name = models.CharField(max_length=200, default="")
    task = models.UUIDField(null=True)
    released = models.DateTimeField(null=True)
    """From when the applicant sees it and the letter goes; until then it can be undone."""
    sealed = models.BinaryField()

    class Meta:
        app_label = "cases"
        indexes = [models.Index(fields=["zaak", "made"], name="decision_by_zaak")]


class Medewerker(models.Model):
    """A member of staff, as the identity provider last described them: to hand over to, and to show who is at work."""

    pseudonym = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, default="")
    roles = models.JSONField(default=list)
    teams = models.JSONField(default=list)
    seen = models.DateTimeField()

    class Meta:
        app_label = "cases"
