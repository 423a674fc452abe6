"""Where everything of a drawing stands. Graphviz does it (its "dot": Gansner, Koutsofios, North and Vo 1993).

In: what was chosen, and the words along each arc. Out: boxes and lines in pixels, y downwards.
Always holds: no name goes into Graphviz, only numbers, so that no text can be anything but text; the same input is laid
out once (`_laid` keeps the last ones).
"""

import threading
from collections.abc import Callable
from functools import lru_cache

from raadhuis.lean.drawing.choosing import BEGIN, END
from raadhuis.lean.schema import Box, Chosen, Drawing, Line, Way

BOX_WIDTH, LINE_HEIGHT, PADDING, DOT = 196, 19, 22, 20
LETTERS = 24
"""So many letters of a name fit on one line of a box."""
MOST_LINES = 3
_LETTER, _ROOM, _LABEL_HEIGHT = 7, 12, 17
_POINTS = 72.0
# The C library under it keeps state of its own.
LOCK = threading.Lock()

_Node = tuple[int, int]
"""Width and height in pixels."""
_Edge = tuple[int, int, int]
"""From which node to which, and how many letters stand along it."""


def lay(chosen: Chosen, words: Callable[[Way], str], label: Callable[[str], str] = str) -> Drawing:
    """The drawing of what was chosen; `words` gives what stands along an arc, `label` what an activity is called."""
    names = [BEGIN, *(one.name for one in chosen.activities), END]
    place = {name: number for number, name in enumerate(names)}
    lines = [wrapped(label(one.name)) for one in chosen.activities]
    sizes = [(DOT, DOT), *((BOX_WIDTH, PADDING + LINE_HEIGHT * (len(one) + 1)) for one in lines), (DOT, DOT)]
    said = [words(one) for one in chosen.ways]
    edges = [(place[w.source], place[w.target], len(s)) for w, s in zip(chosen.ways, said, strict=True)]
    width, height, centres, paths = _laid(tuple(sizes), tuple(edges))
    most = max((one.count for one in chosen.activities), default=1)
    boxes = [
        Box(*centre, *size, lines=text, activity=one, weight=one.count / most)
        for one, text, centre, size in zip(chosen.activities, lines, centres[1:-1], sizes[1:-1], strict=True)
    ]
    widest = max((one.count for one in chosen.ways), default=1)
    ways = [
        Line(way=way, path=path, x=x, y=y, words=text, weight=way.count / widest)
        for way, text, (path, x, y) in zip(chosen.ways, said, paths, strict=True)
    ]
    return Drawing(width=width, height=height, begin=centres[0], end=centres[-1], boxes=boxes, lines=ways)


def wrapped(name: str, letters: int = LETTERS) -> list[str]:
    """A name in lines that fit in a box; what does not fit ends in "…"."""
    lines, rest = [""], name.split() or ["?"]
    for word in rest:
        while len(word) > letters:
            lines.append(word[: letters - 1] + "-")
            word = word[letters - 1 :]
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= letters:
            lines[-1] = joined
        else:
            lines.append(word)
    lines = [one for one in lines if one]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1][: letters - 1]}…"]
    return lines


@lru_cache(maxsize=64)
def _laid(
    sizes: tuple[_Node, ...], edges: tuple[_Edge, ...]
) -> tuple[int, int, list[tuple[float, float]], list[tuple[str, float, float]]]:
    """(width, height, the centre of each node, the path of each edge and the place of its words)."""
    import pygraphviz  # It costs some memory, which a process that draws nothing does not pay.

    graph = pygraphviz.AGraph(directed=True, strict=False, rankdir="TB", nodesep="0.3", ranksep="0.45")
    for number, (width, height) in enumerate(sizes):
        size = {"width": width / _POINTS, "height": height / _POINTS}
        graph.add_node(number, shape="box", fixedsize="true", label="", **size)
    for number, (source, target, letters) in enumerate(edges):
        # A table of a fixed size keeps room for the words, whichever fonts this machine has.
        cell = f'fixedsize="true" width="{letters * _LETTER + _ROOM}" height="{_LABEL_HEIGHT}"'
        room = (
            f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="0" {cell}><tr><td></td></tr></table>>'
            if letters
            else ""
        )
        graph.add_edge(source, target, key=str(number), label=room, arrowsize="0.7")
    with LOCK:
        graph.layout("dot")
    left, bottom, right, top = (float(one) for one in graph.graph_attr["bb"].split(","))

    def at(words: str | None) -> tuple[float, float]:
        x, y = (float(one) for one in (words or "0,0").split(","))
        return round(x - left, 1), round(top - y, 1)

    centres = [at(graph.get_node(number).attr["pos"]) for number in range(len(sizes))]
    found = [graph.get_edge(source, target, key=str(n)).attr for n, (source, target, _) in enumerate(edges)]
    paths = [(_path(edge["pos"], left, top), *at(edge["lp"])) for edge in found]
    return round(right - left), round(top - bottom), centres, paths


def _path(spline: str, left: float, top: float) -> str:
    """Graphviz's spline ("e,x,y x,y …") as the path of an SVG; it ends where the arrow points."""
    ends, points = "", list[str]()
    for one in spline.split():
        x, y = (float(number) for number in one.removeprefix("e,").split(","))
        text = f"{x - left:.1f} {top - y:.1f}"
        if one.startswith("e,"):
            ends = text
        else:
            points.append(text)
    return f"M{points[0]} C{', '.join(points[1:])}{f' L{ends}' if ends else ''}"
