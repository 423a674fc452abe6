"""What can go wrong, in a form that serves people and machines.

Out: exceptions that say what happened, what was kept and what to do next (RFC 9457 for machines).
Always holds: a Problem's texts hold no personal data and no secret, so that they may be logged.
"""

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation


def gettext_noop(text: str) -> str:
    """Marks a sentence for translation; Django's own asks for settings, which the stand-ins do without."""
    return text


def gettext(text: str) -> str:
    """The sentence in the reader's language; Dutch in a process without settings."""
    return translation.gettext(text) if settings.configured else text


class Problem(Exception):
    """A refusal with an HTTP status. `code` is stable for machines; `detail` is a sentence for people.

    `detail` is in the language of the request that met it; `title` is Dutch, and translated where it is shown.
    """

    status = 400
    code = "problem"
    title = gettext_noop("Dit kan niet")

    def __init__(self, detail: str = "", *, code: str = "", extra: Mapping[str, object] | None = None) -> None:
        self.detail = detail or gettext(self.title)
        super().__init__(self.detail)
        if code:
            self.code = code
        self.extra = dict(extra or {})

    def as_json(self) -> dict[str, object]:
        """The RFC 9457 members, with `code` and what the raiser added."""
        return {
            "type": f"urn:raadhuis:problem:{self.code}",
            "title": gettext(self.title),
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.extra,
        }


class Absent(Problem):
    """Not there, or not yours: the two look the same from outside."""

    status = 404
    code = "absent"
    title = gettext_noop("Deze pagina is er niet")


class NotAllowed(Problem):
    """You are known and may be here, but not do this."""

    status = 403
    code = "not-allowed"
    title = gettext_noop("Dat mag u hier niet doen")


class NotNow(Problem):
    """The thing is in a state in which this cannot be done; nothing was changed."""

    status = 409
    code = "not-now"
    title = gettext_noop("Dat kan nu niet (meer)")


class Invalid(Problem):
    """What was sent does not fit. `fields` says per field what to do."""

    status = 422
    code = "invalid"
    title = gettext_noop("Er klopt iets niet")

    def __init__(self, fields: Mapping[str, str], detail: str = "") -> None:
        super().__init__(detail or "; ".join(fields.values()), extra={"fields": dict(fields)})
        self.fields = dict(fields)


class TooMany(Problem):
    """Too often in too short a time. `retry_after` in seconds."""

    status = 429
    code = "too-many"
    title = gettext_noop("Te vaak geprobeerd")

    def __init__(self, detail: str = "", retry_after: int = 60) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(Problem):
    """The town hall cannot keep what you send at this moment; nothing was taken in. `retry_after` in seconds."""

    status = 503
    code = "unavailable"
    title = gettext_noop("Het lukt nu even niet")

    def __init__(self, detail: str = "", retry_after: int = 5) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
