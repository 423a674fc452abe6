"""A model as a file that other tools read: BPMN 2.0 with its drawing, a Petri net (PNML), a process tree or JSON.

In: a Tree. Out: text. Always holds: the XML is as its standard has it (ISO/IEC 19510:2013, BPMN 2.0.2; ISO/IEC 15909-2,
PNML); characters that XML does not know become "�".
"""

import re
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

import msgspec

from raadhuis.lean.discovery.diagrams import Placed, diagram_of, place
from raadhuis.lean.discovery.nets import SINK, SOURCE, net_of
from raadhuis.lean.discovery.schema import Tree

FORMATS = ("bpmn", "pnml", "tree", "json")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
_TAGS = {
    "begin": "startEvent",
    "end": "endEvent",
    "step": "task",
    "choice": "exclusiveGateway",
    "parallel": "parallelGateway",
}


def written(tree: Tree, form: str, name: str = "") -> str:
    """The model in one of FORMATS; `name`: of the process."""
    if form == "bpmn":
        return bpmn(place(diagram_of(tree)), name)
    if form == "pnml":
        return pnml(tree, name)
    return f"{tree}\n" if form == "tree" else msgspec.json.encode(tree).decode() + "\n"


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("�", text), {"\n": " ", "\r": " ", "\t": " "})


def bpmn(placed: Placed, name: str, called: Callable[[str], str] = str) -> str:
    """A BPMN 2.0 file with its drawing; `called`: what a step is called."""
    nodes, flows = placed.diagram.nodes, placed.diagram.flows
    goes: list[list[str]] = [[] for _ in nodes]
    comes: list[list[str]] = [[] for _ in nodes]
    for number, (source, target) in enumerate(flows):
        goes[source].append(f"<bpmn:outgoing>flow_{number}</bpmn:outgoing>")
        comes[target].append(f"<bpmn:incoming>flow_{number}</bpmn:incoming>")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<bpmn:definitions {_SPACES} id="definitions" targetNamespace="https://raadhuis.example/bpmn" '
        'exporter="Raadhuis">',
        f'<bpmn:process id="process" name={_attribute(name)} isExecutable="false">',
    ]
    for number, one in enumerate(nodes):
        named = f" name={_attribute(called(one.name))}" if one.kind == "step" else ""
        if one.kind in {"choice", "parallel"}:
            named = f' gatewayDirection="{_direction(len(comes[number]), len(goes[number]))}"'
        tag = _TAGS[one.kind]
        lines.append(f'<bpmn:{tag} id="node_{number}"{named}>{"".join(comes[number] + goes[number])}</bpmn:{tag}>')
    lines += [
        f'<bpmn:sequenceFlow id="flow_{number}" sourceRef="node_{source}" targetRef="node_{target}"/>'
        for number, (source, target) in enumerate(flows)
    ]
    return "\n".join([*lines, "</bpmn:process>", *_drawing(placed), "</bpmn:definitions>", ""])


def _direction(comes: int, goes: int) -> str:
    if comes > 1:
        return "Mixed" if goes > 1 else "Converging"
    return "Diverging" if goes > 1 else "Unspecified"


def _drawing(placed: Placed) -> list[str]:
    lines = ['<bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="process">']
    for number, ((x, y), (width, height)) in enumerate(zip(placed.centres, placed.sizes, strict=True)):
        marked = ' isMarkerVisible="true"' if placed.diagram.nodes[number].kind == "choice" else ""
        bounds = f'x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" width="{width}" height="{height}"'
        lines.append(
            f'<bpmndi:BPMNShape id="shape_{number}" bpmnElement="node_{number}"{marked}><dc:Bounds {bounds}/>'
            "</bpmndi:BPMNShape>"
        )
    for number, points in enumerate(placed.lines):
        told = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
        lines.append(f'<bpmndi:BPMNEdge id="edge_{number}" bpmnElement="flow_{number}">{told}</bpmndi:BPMNEdge>')
    return [*lines, "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"]


def pnml(tree: Tree, name: str) -> str:
    """A place/transition net; a silent transition has no name, as tools of process mining have it."""
    net = net_of(tree)

    def text(words: str) -> str:
        return escape(_NO_XML.sub("�", words))

    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<pnml xmlns="http://www.pnml.org/version-2009/grammar/pnml">',
        '<net id="net" type="http://www.pnml.org/version-2009/grammar/ptnet">',
        f'<name><text>{text(name)}</text></name><page id="page">',
    ]
    for number in range(net.places):
        marked = "<initialMarking><text>1</text></initialMarking>" if number == SOURCE else ""
        lines.append(f'<place id="p{number}"><name><text>p{number}</text></name>{marked}</place>')
    arcs = 0
    for number, one in enumerate(net.transitions):
        silent = '<toolspecific tool="ProM" version="6.4" activity="$invisible$"/>'
        inside = f"<name><text>{text(one.name)}</text></name>" if one.name else f"<name><text/></name>{silent}"
        lines.append(f'<transition id="t{number}">{inside}</transition>')
        ends = [(f"p{place}", f"t{number}") for place in one.takes] + [(f"t{number}", f"p{p}") for p in one.gives]
        for source, target in ends:
            lines.append(f'<arc id="a{arcs}" source="{source}" target="{target}"/>')
            arcs += 1
    # Which marking is final has no place in the standard; this is where ProM and pm4py look.
    final = f'<finalmarkings><marking><place idref="p{SINK}"><text>1</text></place></marking></finalmarkings>'
    return "\n".join([*lines, f"</page>{final}</net></pnml>", ""])
