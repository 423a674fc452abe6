"""The model of a log, as a file for other tools and on the command line."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest

from lean.logs import event, trace, xes
from lean.trees import mined, words
from raadhuis.lean.discovery.diagrams import diagram_of, place
from raadhuis.lean.discovery.schema import SILENT, Tree
from raadhuis.lean.discovery.writing import bpmn, written
from raadhuis.site.commands import run

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


def _log(folder: Path) -> Path:
    """Two ways through, and one step whose name asks for trouble."""
    ways = [["Ontvangen", "<b>\x07&'\"", "Besluiten"], ["Ontvangen", "Besluiten"]] * 3
    told = [
        trace(f"zaak {n}", *(event(name.replace("\x07", ""), f"2024-01-0{n + 1}T0{at}:00:00Z")
              for at, name in enumerate(way)))
        for n, way in enumerate(ways)
    ]  # fmt: skip
    file = folder / "permits.xes"
    file.write_text(xes(*told))
    return file


@pytest.mark.django_db(transaction=True)
def test_a_model_is_shown_and_written(tmp_path: Path, capsys: Any, settings: Any) -> None:
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"
    assert run(["lean", "import", str(_log(tmp_path)), "--json"]) == 0
    capsys.readouterr()
    assert run(["lean", "show", "permits", "model", "--json"]) == 0
    found = orjson.loads(capsys.readouterr().out)
    assert (found["cases"], found["tree"]["operator"], len(found["tree"]["children"])) == (6, "sequence", 3)
    assert run(["lean", "show", "permits", "conformance", "--json", "--noise", "0"]) == 0
    assert orjson.loads(capsys.readouterr().out)["fitting"] == 6
    for form in ("bpmn", "pnml"):
        file = tmp_path / f"permits.{form}"
        assert run(["lean", "model", "permits", "--format", form, "--file", str(file)]) == 0
        assert "<b>&'\"" in "".join(ElementTree.parse(file).getroot().itertext()) or form == "bpmn"
    assert run(["lean", "model", "permits", "--format", "tree"]) == 0
    assert capsys.readouterr().out.startswith("→('Ontvangen', ×(τ, ")
    assert run(["lean", "model", "permits", "--file", str(tmp_path / "nowhere" / "x.bpmn")]) == 1
    with pytest.raises(SystemExit):
        run(["lean", "show", "permits", "model", "--noise", "2"])


def test_the_bpmn_says_the_same_as_the_tree_and_every_piece_is_drawn() -> None:
    tree = mined(words(abcf=3, acbf=2, abcbcf=1, adf=2, aeef=1, af=1))
    root = ElementTree.fromstring(written(tree, "bpmn", 'Naam "<'))
    process = root.find(f"{BPMN}process")
    assert process is not None and process.get("name") == 'Naam "<' and process.get("isExecutable") == "false"
    flows = process.findall(f"{BPMN}sequenceFlow")
    nodes = [one for one in process if one not in flows]
    assert sorted(one.get("name") or "" for one in nodes if one.tag == f"{BPMN}task") == list("abcdef")
    for flow in flows:
        source = next(one for one in nodes if one.get("id") == flow.get("sourceRef"))
        target = next(one for one in nodes if one.get("id") == flow.get("targetRef"))
        assert flow.get("id") in [one.text for one in source.findall(f"{BPMN}outgoing")]
        assert flow.get("id") in [one.text for one in target.findall(f"{BPMN}incoming")]
    for one in nodes:
        many = (len(one.findall(f"{BPMN}incoming")), len(one.findall(f"{BPMN}outgoing")))
        expected = {"startEvent": (0, 1), "endEvent": (1, 0), "task": (1, 1)}.get(one.tag.removeprefix(BPMN))
        assert many == expected if expected else min(many) >= 1 and max(many) >= 2
    shapes = {one.get("bpmnElement") for one in root.iter(f"{DI}BPMNShape")}
    edges = {one.get("bpmnElement"): len(one) for one in root.iter(f"{DI}BPMNEdge")}
    assert shapes == {one.get("id") for one in nodes} and edges.keys() == {one.get("id") for one in flows}
    assert min(edges.values()) >= 2


def test_nothing_overlaps_and_lines_begin_and_end_at_what_they_join() -> None:
    placed = place(diagram_of(mined(words(abcf=3, acbf=2, adf=2, aeef=1, af=1))))
    boxes = list(zip(placed.centres, placed.sizes, strict=True))
    for one, ((x, y), (width, height)) in enumerate(boxes):
        for (other_x, other_y), (other_width, other_height) in boxes[one + 1 :]:
            apart_x = abs(x - other_x) - (width + other_width) / 2
            apart_y = abs(y - other_y) - (height + other_height) / 2
            assert max(apart_x, apart_y) >= 0
    for (source, target), line in zip(placed.diagram.flows, placed.lines, strict=True):
        for node, (x, y) in ((source, line[0]), (target, line[-1])):
            (centre_x, centre_y), (width, height) = boxes[node]
            assert abs(x - centre_x) <= width / 2 + 1.5 and abs(y - centre_y) <= height / 2 + 1.5


def test_a_log_without_cases_is_a_line_from_begin_to_end() -> None:
    text = bpmn(place(diagram_of(SILENT)), "")
    assert text.count("<bpmn:sequenceFlow") == 1 and "<bpmn:task" not in text


def test_a_name_that_xml_cannot_hold() -> None:
    ElementTree.fromstring(written(Tree("activity", "a\x00\ud800\ufffe"), "bpmn"))
    ElementTree.fromstring(written(Tree("activity", "a\x00\ud800\ufffe"), "pnml"))
