"""The tables carry the national model: every attribute that the APIs take has a column, or is told here where it is.

Source: the OpenAPI descriptions of Zaken 1.7.0, Besluiten 1.1.0 and Documenten 1.7.0, without what is derived
(url, uuid, expansions, the words that go with a code).
"""

import re

import pytest
from django.apps import apps

ATTRIBUTES = {
    "Zaak": """identificatie bronorganisatie omschrijving toelichting zaaktype registratiedatum
        verantwoordelijkeOrganisatie startdatum einddatum einddatumGepland uiterlijkeEinddatumAfdoening publicatiedatum
        communicatiekanaal communicatiekanaalNaam productenOfDiensten vertrouwelijkheidaanduiding betalingsindicatie
        laatsteBetaaldatum zaakgeometrie verlenging.reden verlenging.duur opschorting.indicatie opschorting.reden
        opschorting.eerdere selectielijstklasse hoofdzaak deelzaken relaties eigenschappen rollen resultaat kenmerken
        archiefnominatie archiefstatus archiefactiedatum opdrachtgevendeOrganisatie processobjectaard
        startdatumBewaartermijn processobject""",
    "Status": "zaak statustype datumStatusGezet statustoelichting gezetdoor",
    "Resultaat": "zaak resultaattype toelichting",
    "Rol": """zaak betrokkene betrokkeneType afwijkendeNaamBetrokkene roltype roltoelichting omschrijving
        omschrijvingGeneriek registratiedatum indicatieMachtiging contact identification""",
    "ZaakEigenschap": "zaak eigenschap naam waarde",
    "ZaakKenmerk": "zaak kenmerk bron",
    "ZaakObject": """zaak zaakobjecttype object objectType objectTypeOverige objectTypeOverigeDefinitie
        relatieomschrijving objectIdentificatie""",
    "ZaakRelatie": "zaak andere aardRelatie",
    "ZaakInformatieObject": """zaak informatieobject aardRelatieWeergave titel beschrijving registratiedatum
        vernietigingsdatum status shared""",
    "Besluit": """identificatie verantwoordelijkeOrganisatie besluittype zaak datum toelichting bestuursorgaan
        ingangsdatum vervaldatum vervalreden publicatiedatum verzenddatum uiterlijkeReactiedatum""",
    "BesluitInformatieObject": "besluit informatieobject",
    "EnkelvoudigInformatieObject": """identificatie bronorganisatie creatiedatum titel vertrouwelijkheidaanduiding
        auteur status formaat taal versie beginRegistratie bestandsnaam bestandsomvang link beschrijving
        ontvangstdatum verzenddatum indicatieGebruiksrecht verschijningsvorm ondertekening.soort ondertekening.datum
        integriteit.algoritme integriteit.waarde informatieobjecttype locked trefwoorden isGereedVoorPublicatie
        inhoudIsVervallen file.key""",
}


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_every_attribute_has_its_column(name: str) -> None:
    columns = {field.name for field in apps.get_model("cases", name)._meta.get_fields()}
    wanted = {
        re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", attribute).replace(".", "_")
        for attribute in ATTRIBUTES[name].split()
    }
    assert wanted <= columns, wanted - columns
