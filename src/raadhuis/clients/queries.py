"""Who a client is and what it may do.

Always holds: what is kept in memory is thrown away as soon as the tables' number has risen, so that a right that was
taken away is gone at the next request, in every process.
"""

from uuid import UUID

from django.db.models import QuerySet

from raadhuis.clients.models import Applicatie, Autorisatie, ClientId, Stamp
from raadhuis.clients.schema import ApplicatieView, Client, NewRight, Right
from raadhuis.kernel import privacy
from raadhuis.kernel.statements import Statement

SECRET = "client:secret"  # noqa: S105 - the purpose under which secrets are encrypted
PAGE = 100
_STAMP = Statement(lambda: Stamp.objects.filter(id=1).values_list("number", flat=True))
_known: dict[str, Client] = {}
MOST_KNOWN = 2000


def client(client_id: str) -> Client | None:
    """The application that signs with this name; None when there is none. One statement when it is known already."""
    stamp = _STAMP.first() or 0
    found = _known.get(client_id)
    if found is not None and found.stamp == stamp:
        return found
    row = ClientId.objects.select_related("applicatie").filter(client_id=client_id).first()
    if row is None:
        return None
    found = Client(
        applicatie=row.applicatie_id,
        client_id=client_id,
        label=row.applicatie.label,
        secret=privacy.decrypt(SECRET, row.secret).decode() if row.secret else "",
        everything=row.applicatie.heeft_alle_autorisaties,
        only_published=row.applicatie.alleen_is_gereed_voor_publicatie,
        rights=tuple(_right(one) for one in row.applicatie.autorisaties.order_by("id")),
        stamp=stamp,
    )
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    _known[client_id] = found
    return found


def forget_known() -> None:
    """Throws away what is kept in memory: the tables were put back to an earlier state."""
    _known.clear()


def _right(row: Autorisatie) -> Right:
    return Right(
        component=row.component,
        scopes=frozenset(row.scopes),
        type=row.type,
        level=row.max_vertrouwelijkheidaanduiding,
        one_version=row.one_version,
    )


def applicaties(*, client_ids: list[str] | None = None, page: int = 1) -> tuple[int, list[ApplicatieView]]:
    """(how many there are, at most 100 of them), in order of making; those that sign with one of `client_ids`."""
    rows = Applicatie.objects.order_by("id")
    if client_ids is not None:
        rows = rows.filter(client_ids__client_id__in=client_ids).distinct()
    return rows.count(), _views(rows[(page - 1) * PAGE : page * PAGE])


def applicatie(id: UUID) -> ApplicatieView | None:
    """One application."""
    return next(iter(_views(Applicatie.objects.filter(id=id))), None)


def _views(rows: QuerySet[Applicatie]) -> list[ApplicatieView]:
    return [
        ApplicatieView(
            id=row.id,
            label=row.label,
            client_ids=[one.client_id for one in sorted(row.client_ids.all(), key=lambda one: one.place)],
            everything=row.heeft_alle_autorisaties,
            only_published=row.alleen_is_gereed_voor_publicatie,
            rights=[
                NewRight(
                    component=one.component,  # type: ignore[arg-type]
                    scopes=list(one.scopes),
                    type=one.type,
                    level=one.max_vertrouwelijkheidaanduiding,
                    one_version=one.one_version,
                )
                for one in sorted(row.autorisaties.all(), key=lambda one: one.pk)
            ],
        )
        for row in rows.prefetch_related("client_ids", "autorisaties")
    ]
