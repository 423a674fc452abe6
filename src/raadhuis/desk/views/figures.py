"""How the services do: the advantage over paper, counted from the journal, and the measures against their targets."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from raadhuis.cases import queries
from raadhuis.catalogue import queries as catalogue
from raadhuis.desk.http import staff_view
from raadhuis.kernel.http import language_of


@staff_view()
def figures(request: HttpRequest) -> HttpResponseBase:
    """A line for each service."""
    language = language_of(request)
    rows = []
    for line in catalogue.services():
        definition = catalogue.by_version_id(line.version_id).definition
        rows.append(
            {
                "title": line.title.in_(language),
                "paper": definition.advantage.paper,
                "counted": queries.service_advantage(line.id, definition.advantage.paper),
                "measures": queries.measures_of(definition, language),
            }
        )
    return render(request, "desk/figures.html", {"rows": rows})
