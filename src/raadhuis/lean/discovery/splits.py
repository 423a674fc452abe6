"""Splits: a log in pieces, one for each part of a cut (Leemans, Fahland and Van der Aalst 2013, section 4).

In: Traces and a cut of its graph, found with or without what is rare. Out: as many Traces, in the order of the parts.
Always holds: on a log that the cut fits nothing is lost; else a case keeps the most steps that the cut allows.
"""

from typing import Any

import numpy

from raadhuis.lean.discovery.cuts import Cut
from raadhuis.lean.discovery.graph import bits
from raadhuis.lean.discovery.traces import Traces, gathered, kept, merged


def split(log: Traces, cut: Cut) -> list[Traces]:
    """The pieces of a log."""
    parts = _parts(log, cut.parts)
    if cut.operator == "choice":
        return _by_choice(log, parts, len(cut.parts))
    if cut.operator == "sequence":
        return _by_sequence(log, parts, len(cut.parts))
    if cut.operator == "parallel":
        return [kept(log, parts == n) for n in range(len(cut.parts))]
    return _by_loop(log, parts, len(cut.parts))


def _parts(log: Traces, parts: list[int]) -> Any:
    """Of each step: in which part its activity is."""
    found = numpy.zeros(max(parts).bit_length(), dtype=numpy.int64)
    for n, part in enumerate(parts):
        found[list(bits(part))] = n
    return found[log.steps]


def _by_choice(log: Traces, parts: Any, many: int) -> list[Traces]:
    """A case goes where most of its steps are; of as many to the last."""
    owners = log.owners
    often = numpy.bincount(owners * many + parts, minlength=len(log.starts) * many).reshape(-1, many)
    taken = many - 1 - often[:, ::-1].argmax(axis=1)
    found = []
    for n in range(many):
        mask = (taken[owners] == n) & (parts == n)
        piece = gathered(log.steps[mask], owners[mask], log.counts)
        found.append(merged(piece._replace(empty=0)))
    return found


def _by_sequence(log: Traces, parts: Any, many: int) -> list[Traces]:
    """Each case is cut up where the fewest steps are on the wrong side; those are left out."""
    owners = log.owners
    begin = log.starts.copy()
    places = numpy.arange(len(log.steps))
    found = []
    for n in range(many):
        open_ = places >= begin[owners]
        score = numpy.where(open_, (parts > n).astype(numpy.int64) - (parts == n), 0)
        total = numpy.cumsum(score)
        along = total - (total[log.starts] - score[log.starts])[owners]
        least = numpy.minimum.reduceat(along, log.starts)
        at = numpy.where(along == least[owners], places, len(places))
        until = numpy.where(least < 0, numpy.minimum.reduceat(at, log.starts) + 1, begin)
        mask = open_ & (places < until[owners]) & (parts == n)
        piece = gathered(log.steps[mask], owners[mask], log.counts)
        found.append(merged(piece._replace(empty=piece.empty + log.empty)))
        begin = until
    return found


def _by_loop(log: Traces, parts: Any, many: int) -> list[Traces]:
    """Each case is a row of rounds: what is done, what leads back, what is done again.

    A way that begins or ends with what leads back did nothing in its first or last round. What leads back is one part
    at a time: that of most of its steps.
    """
    owners = log.owners
    back = parts > 0
    new = numpy.ones(len(parts), dtype=bool)
    new[1:] = back[1:] != back[:-1]
    new[log.starts] = True
    rounds = numpy.cumsum(new) - 1
    at = numpy.flatnonzero(new)
    counts, of_back = log.counts[owners[at]], back[at]
    done = gathered(log.steps[~back], rounds[~back], numpy.where(of_back, 0, counts))
    nothing = int(log.counts[back[log.starts]].sum() + log.counts[back[log.lasts]].sum())
    often = numpy.bincount(rounds * many + parts, minlength=len(at) * many).reshape(-1, many)
    taken = numpy.where(of_back, often[:, 1:].argmax(axis=1) + 1, 0)
    found = [merged(done._replace(empty=nothing + log.empty))]
    for n in range(1, many):
        mask = (parts == n) & (taken[rounds] == n)
        found.append(merged(gathered(log.steps[mask], rounds[mask], numpy.where(taken == n, counts, 0))))
    return found
