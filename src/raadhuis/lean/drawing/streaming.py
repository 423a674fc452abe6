"""Where everything of a value stream map stands, in pixels, y downwards.

In: how many boxes, and the lines of each name. Out: boxes in a row with room for a triangle before each, and the ladder
of time under them. Always holds: the same input gives the same drawing; the room is that of one sheet of A3, lying.
"""

import msgspec

BOX, GAP, EDGE, TOP = 168, 92, 24, 92
LINE, DATA, LADDER = 19, 96, 64


class Place(msgspec.Struct, frozen=True):
    """A box with the triangle before it: their left sides, the y of the box, and the width of both."""

    x: int
    triangle: int
    y: int
    middle: int


class Room(msgspec.Struct, frozen=True):
    """The whole drawing: `box` and `data` are heights; `up` and `down` the two rungs of the ladder."""

    width: int
    height: int
    places: list[Place]
    box: int
    data: int
    up: int
    down: int
    end: int


def room_for(boxes: int, lines: int) -> Room:
    """Room for so many boxes, of which the longest name takes so many lines."""
    height = 20 + lines * LINE
    places = [
        Place(EDGE + n * (BOX + GAP) + GAP, EDGE + n * (BOX + GAP), TOP, EDGE + n * (BOX + GAP) + GAP + BOX // 2)
        for n in range(boxes)
    ]
    end = EDGE + boxes * (BOX + GAP)
    up = TOP + height + DATA + 36
    return Room(end + 220, up + LADDER + 40, places, height, DATA, up, up + LADDER, end)
