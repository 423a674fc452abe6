"""What a case keeps encrypted, opened: the application, and the content of a task.

Always holds: each kind has a purpose of its own, so that the ciphertext of one cannot pass for another.
"""

from typing import Any

from raadhuis.cases.models import CaseData, CoSignature, Task, Zaak
from raadhuis.kernel import privacy
from raadhuis.kernel.statements import Given, Statement

CASE = "case"
TASK = "task"
MESSAGE = "message"
DECISION = "decision"
COSIGN = "cosign"


_SEALED = Statement(lambda: CaseData.objects.filter(zaak=Given("zaak")).values_list("sealed", flat=True))


def case_data(zaak: Zaak) -> dict[str, Any]:
    """The answers, registers, facts and applicant of a case; empty for a case of another application.

    What was sealed with this very object, in the transaction that makes the case, is not read back.
    """
    written = Zaak.case_data.is_cached(zaak)
    sealed = zaak.case_data.sealed if written else _SEALED.first(zaak=zaak.id)
    data: dict[str, Any] = privacy.decrypt_json(CASE, sealed) if sealed else {}
    return data


def content_of(task: Task) -> dict[str, Any]:
    """The note, checklist, advice or proposal of a task."""
    content: dict[str, Any] = privacy.decrypt_json(TASK, task.sealed) if task.sealed else {}
    return content


def content_of_signature(row: CoSignature) -> dict[str, Any]:
    """The address, name and code of who signs along, and the language they are written to."""
    content: dict[str, Any] = privacy.decrypt_json(COSIGN, row.sealed)
    return content
