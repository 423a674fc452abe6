"""What could not be delivered, and sending it again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from raadhuis.desk.http import actor_of, see_other, staff_view
from raadhuis.journal import access, queries
from raadhuis.journal import outbox as post
from raadhuis.kernel.problems import NotAllowed
from raadhuis.notices.actions import send_all_again
from raadhuis.notices.queries import subscriptions


@staff_view()
def outbox(request: HttpRequest) -> HttpResponseBase:
    """Dead letters first, then what waits."""
    actor = actor_of(request)
    if not access.may_see_outbox(actor):
        raise NotAllowed(gettext("Alleen een teamleider of beheerder ziet de bezorging."))
    context = {
        "dead": queries.undelivered(state="dead", limit=200),
        "waiting": queries.undelivered(state="waiting", limit=50),
        "may_resend": access.may_resend(actor),
        "receivers": {one.id: one.callback for one in subscriptions()},
    }
    return render(request, "desk/outbox.html", context)


@staff_view("POST")
def resend_all(request: HttpRequest, subscription: UUID) -> HttpResponseBase:
    """Puts all dead letters of a subscription back in its queue."""
    send_all_again(subscription, actor_of(request))
    return see_other("desk_clients", done="resent-all")


@staff_view("POST")
def resend(request: HttpRequest, row: UUID) -> HttpResponseBase:
    """Puts a dead letter back in the queue."""
    post.resend(row, actor_of(request))
    return see_other("desk_outbox", done="resent")
