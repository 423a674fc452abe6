"""A stand-in for RDW's open data: eight invented vehicles, on plates with vowels, which are never issued."""

from typing import Final

from raadhuis.adapters.standins.web import Request, Response, json_response

# plate, brand, model, kind, kilograms ready to drive, fuels
VEHICLES: Final = [
    ("AE101O", "VOLTA", "STADSWAGEN", "Personenauto", 1450, ("Elektriciteit",)),
    ("AE102O", "POLDER", "FAMILIE", "Personenauto", 1320, ("Benzine",)),
    ("AE103O", "POLDER", "FAMILIE HYBRIDE", "Personenauto", 1510, ("Benzine", "Elektriciteit")),
    ("AE104O", "DIJKSTER", "BESTEL", "Bedrijfsauto", 2150, ("Diesel",)),
    ("AE105O", "DIJKSTER", "BESTEL E", "Bedrijfsauto", 2480, ("Elektriciteit",)),
    ("AE106O", "ZOEF", "125", "Motorfiets", 160, ("Benzine",)),
    ("AE107O", "BRON", "H2", "Personenauto", 1890, ("Waterstof", "Elektriciteit")),
    ("AE108O", "KOLOS", "KIEPER", "Bedrijfsauto", 12400, ("Diesel",)),
]


def app(request: Request) -> Response:
    """Answers both data sets; an unknown plate is an empty list, as in the real one."""
    found = [v for v in VEHICLES if v[0] == request.get("kenteken")]
    if request.path == "/resource/m9d7-ebf2.json":
        rows = [
            {
                "kenteken": plate,
                "voertuigsoort": kind,
                "merk": brand,
                "handelsbenaming": model,
                "massa_ledig_voertuig": str(mass - 100),
                "massa_rijklaar": str(mass),
            }
            for plate, brand, model, kind, mass, _ in found
        ]
        return json_response(rows)
    if request.path == "/resource/8ys7-d773.json":
        return json_response(
            [
                {"kenteken": v[0], "brandstof_volgnummer": str(n), "brandstof_omschrijving": fuel}
                for v in found
                for n, fuel in enumerate(v[5], 1)
            ]
        )
    return Response(404)
