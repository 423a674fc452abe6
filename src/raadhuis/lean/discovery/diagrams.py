"""A process tree as a diagram of steps and gateways (BPMN 2.0), and where everything stands.

In: a Tree. Out: a Diagram, placed by Graphviz.
Always holds: node 0 is the begin and node 1 the end; a gateway that opens has one way in, one that closes one way out;
gateways of one kind that follow each other with one way between them are one where that says the same. Coordinates are
pixels, y downwards; no name goes into Graphviz.
"""

from functools import lru_cache
from typing import Literal

import msgspec

from raadhuis.lean.discovery.schema import SILENT, Tree
from raadhuis.lean.drawing.laying import BOX_WIDTH, LINE_HEIGHT, LOCK, PADDING, wrapped

Kind = Literal["begin", "end", "step", "choice", "parallel"]
GATEWAY, EVENT = 44, 36
_POINTS = 72.0


class Node(msgspec.Struct, frozen=True):
    """What stands in a diagram; `name`: of a step."""

    kind: Kind
    name: str = ""


class Diagram(msgspec.Struct, frozen=True):
    """Nodes, and which leads to which, by their place in the list."""

    nodes: list[Node]
    flows: list[tuple[int, int]]


class Placed(msgspec.Struct, frozen=True):
    """A diagram with the centre and the size of each node, and the points of the line of each flow."""

    diagram: Diagram
    width: float
    height: float
    centres: list[tuple[float, float]]
    sizes: list[tuple[int, int]]
    lines: list[list[tuple[float, float]]]
    words: list[list[str]]
    """Of each node: its name in lines that fit."""


def diagram_of(tree: Tree) -> Diagram:
    """The diagram whose runs are the language of the tree."""
    made = Diagram([Node("begin"), Node("end")], [])
    made.flows.append((_add(made, tree, 0), 1))
    return made


def _add(made: Diagram, tree: Tree, tail: int) -> int:
    """Adds what `tree` does behind `tail`; the node from which it goes on."""
    if tree == SILENT:
        return tail
    if tree.operator == "activity":
        return _node(made, Node("step", tree.name), tail)
    if tree.operator == "sequence":
        for one in tree.children:
            tail = _add(made, one, tail)
        return tail
    if tree.operator == "loop":
        here = _node(made, Node("choice"), tail)
        there = _node(made, Node("choice"), _add(made, tree.children[0], here))
        made.flows.append((_add(made, tree.children[1], there), here))
        return there
    kind: Kind = "choice" if tree.operator == "choice" else "parallel"
    opening = _node(made, Node(kind), tail)
    ends = [_add(made, one, opening) for one in tree.children]
    made.nodes.append(Node(kind))
    made.flows.extend((one, len(made.nodes) - 1) for one in ends)
    return len(made.nodes) - 1


def _node(made: Diagram, node: Node, tail: int) -> int:
    made.nodes.append(node)
    made.flows.append((tail, len(made.nodes) - 1))
    return len(made.nodes) - 1


def place(diagram: Diagram, called: dict[str, str] | None = None, *, down: bool = False) -> Placed:
    """Where everything stands: from left to right, or `down`. `called`: how steps are called."""
    words = [
        wrapped((called or {}).get(one.name, one.name)) if one.kind == "step" else list[str]() for one in diagram.nodes
    ]
    sizes = [_size(one, lines) for one, lines in zip(diagram.nodes, words, strict=True)]
    width, height, centres, lines = _placed(tuple(sizes), tuple(diagram.flows), down)
    return Placed(diagram, width, height, centres, sizes, lines, words)


def _size(node: Node, lines: list[str]) -> tuple[int, int]:
    if node.kind == "step":
        return BOX_WIDTH, PADDING + LINE_HEIGHT * len(lines) + 12
    return (EVENT, EVENT) if node.kind in {"begin", "end"} else (GATEWAY, GATEWAY)


_Point = tuple[float, float]


@lru_cache(maxsize=32)
def _placed(
    sizes: tuple[tuple[int, int], ...], flows: tuple[tuple[int, int], ...], down: bool
) -> tuple[float, float, list[_Point], list[list[_Point]]]:
    import pygraphviz  # It costs some memory, which a process that draws nothing does not pay.

    rank = "TB" if down else "LR"
    graph = pygraphviz.AGraph(
        directed=True, strict=False, rankdir=rank, nodesep="0.35", ranksep="0.5", splines="polyline"
    )
    for number, (width, height) in enumerate(sizes):
        shape = "diamond" if (width, height) == (GATEWAY, GATEWAY) else "box"
        graph.add_node(number, shape=shape, fixedsize="true", label="", width=width / _POINTS, height=height / _POINTS)
    for number, (source, target) in enumerate(flows):
        graph.add_edge(source, target, key=str(number), arrowsize="0")
    with LOCK:
        graph.layout("dot")
    left, bottom, right, top = (float(one) for one in graph.graph_attr["bb"].split(","))

    def at(words: str) -> _Point:
        x, y = (float(one) for one in words.split(","))
        return round(x - left, 1), round(top - y, 1)

    centres = [at(graph.get_node(number).attr["pos"]) for number in range(len(sizes))]
    lines = []
    for number, (source, target) in enumerate(flows):
        points = graph.get_edge(source, target, key=str(number)).attr["pos"].split()
        ends = [at(one[2:]) for one in points if one.startswith("e,")]
        # A line of corners comes as a curve that is straight: every third point is a corner.
        corners = [at(one) for one in points if not one.startswith(("e,", "s,"))][::3]
        lines.append(corners + ends if not ends or corners[-1] != ends[0] else corners)
    return round(right - left, 1), round(top - bottom, 1), centres, lines
