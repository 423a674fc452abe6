"""Learning how long cases still take, and finding out on later cases whether that is worth anything.

In: the steps of cases that are over. Out: a Model with its Score.
Always holds: the score is of cases that began after
all that were learned from were over (a split in time), each looked at at moments a fixed length apart, as a page would
be opened; the margin makes the interval cover what it should on cases between the two (split conformal, of quantiles:
Vovk, Gammerman and Shafer 2005; Romano, Patterson and Candès 2019), one moment a case, so that long cases do not count
more than once. What is used afterwards is learned from all cases.
"""

import math
from typing import Any

import numpy

from raadhuis.kernel import clock
from raadhuis.lean.certainty import Z95
from raadhuis.lean.prediction.answering import MOST_NTH, States, left
from raadhuis.lean.prediction.shapes import COVERS, FEWEST_CASES, LEAST_BETTER, LEAST_COVERED, Model, Score, State

MOST_CASES, MOST_SAMPLE, FEWEST_SAMPLE, MOST_TESTED, MOMENTS = 20_000, 200, 20, 600, 8
# Of the cases in order of begin, so many are learned from, and then so many set the margin; the rest is the test.
LEARNED, CALIBRATED = 0.5, 0.2


class Cases:
    """Closed cases in order of begin: begin and end, and the times and activities of the steps of all, one after the
    other; `first` and `beyond` say which are whose.
    """

    def __init__(self, begin: Any, end: Any, lengths: Any, time: Any, activity: Any) -> None:
        self.begin, self.end, self.time, self.activity = begin, end, time, activity
        self.beyond = numpy.cumsum(lengths)
        self.first = self.beyond - lengths

    def __len__(self) -> int:
        return len(self.begin)


def learn(cases: Cases, names: list[str]) -> Model | None:
    """The model of all cases, with its score; None of fewer than FEWEST_CASES."""
    count = len(cases)
    if count < FEWEST_CASES:
        return None
    learned, until = int(count * LEARNED), int(count * (LEARNED + CALIBRATED))
    # Who began before the first of the others, but ended after, could not have been learned from at the time.
    known = numpy.flatnonzero(cases.end[:learned] <= cases.begin[min(until, count - 1)])
    everything = numpy.arange(count)
    margin, score = 0, None
    if len(known) >= FEWEST_CASES // 4 and count - until >= FEWEST_CASES // 10:
        states = {(one.activity, one.nth): one for one in _states(cases, known, names)}
        margin = _margin(cases, _spread(everything[learned:until]), states, names)
        naive = int(numpy.median(cases.end[known] - cases.begin[known]))
        score = _score(cases, _spread(everything[until:]), (states, margin, naive), names)
    naive = int(numpy.median(cases.end - cases.begin))
    return Model(clock.now(), count, margin, naive, _states(cases, everything, names), score)


def _states(cases: Cases, chosen: Any, names: list[str]) -> list[State]:
    """Every state that enough cases came by; of each step but the last, how long the case still took."""
    places = numpy.concatenate([numpy.arange(cases.first[one], cases.beyond[one] - 1) for one in chosen])
    if not len(places):
        return []
    owner = numpy.searchsorted(cases.beyond, places, side="right")
    nth = numpy.minimum(places - cases.first[owner] + 1, MOST_NTH)
    remaining, activity = cases.end[owner] - cases.time[places], cases.activity[places]
    found = [_state("", 0, remaining)]
    for code in numpy.unique(activity):
        mine = activity == code
        found.append(_state(names[code], 0, remaining[mine]))
        found += [
            _state(names[code], int(place), remaining[mine & (nth == place)]) for place in numpy.unique(nth[mine])
        ]
    return [one for one in found if one.cases >= FEWEST_SAMPLE]


def _state(activity: str, nth: int, remaining: Any) -> State:
    ordered = numpy.sort(remaining)
    kept = numpy.linspace(0, len(ordered) - 1, min(len(ordered), MOST_SAMPLE)).round().astype(numpy.int64)
    return State(activity, nth, len(ordered), [int(one) for one in ordered[kept]] if len(ordered) else [])


def _spread(chosen: Any) -> Any:
    """At most MOST_TESTED of them, evenly."""
    return chosen[:: -(-len(chosen) // MOST_TESTED) or 1]


def _moments(cases: Cases, one: int, apart: int) -> list[tuple[int, int, int]]:
    """(how long since the last step, place of that step, how long still) at moments a fixed length apart, from the
    begin on. A case that was over before the first is looked at at its begin.
    """
    steps = cases.time[cases.first[one] : cases.beyond[one]]
    ends, found = int(cases.end[one]), []
    for number in range(MOMENTS):
        moment = int(cases.begin[one]) + number * apart
        if moment >= ends:
            break
        place = int(numpy.searchsorted(steps, moment, side="right")) - 1
        found.append((moment - int(steps[place]), int(cases.first[one]) + place, ends - moment))
    return found


def _apart(cases: Cases, chosen: Any) -> int:
    return max(1, int(numpy.median(cases.end[chosen] - cases.begin[chosen])) // 4)


def _margin(cases: Cases, chosen: Any, states: States, names: list[str]) -> int:
    """How much wider the interval must be to cover COVERS of these cases: at one moment of each, in turn an early and a
    late one.
    """
    beyond, apart = [], _apart(cases, chosen)
    for number, one in enumerate(chosen):
        moments = _moments(cases, one, apart)
        if not moments:
            continue
        waited, place, still = moments[number % len(moments)]
        said = _said(cases, place, waited, (states, 0), names)
        if said is not None:
            beyond.append(max(said.low_us - still, still - said.high_us))
    if not beyond:
        return 0
    rank = min(len(beyond), math.ceil((len(beyond) + 1) * COVERS))
    return int(max(0, sorted(beyond)[rank - 1]))


def _said(cases: Cases, place: int, waited: int, known: tuple[States, int], names: list[str]) -> Any:
    one = int(numpy.searchsorted(cases.beyond, place, side="right"))
    nth = place - int(cases.first[one]) + 1
    return left(known[0], known[1], names[cases.activity[place]], nth, waited)


def _score(cases: Cases, chosen: Any, known: tuple[States, int, int], names: list[str]) -> Score | None:
    states, margin, naive = known
    apart = _apart(cases, chosen)
    ours, theirs, within, widths = [], [], [], []
    for one in chosen:
        errors, plain = [], []
        for waited, place, still in _moments(cases, one, apart):
            passed = int(cases.end[one] - cases.begin[one]) - still
            said = _said(cases, place, waited, (states, margin), names)
            guess = max(0, naive - passed)
            plain.append(abs(guess - still))
            # Where nothing is said the naive answer is all there is.
            errors.append(abs((said.middle_us if said else guess) - still))
            if said:
                within.append(said.low_us <= still <= said.high_us)
                widths.append(said.high_us - said.low_us)
        if errors:
            ours.append(sum(errors) / len(errors))
            theirs.append(sum(plain) / len(plain))
    if not within:
        return None
    apart_by = numpy.array(theirs) - numpy.array(ours)
    mean, reach, covered = float(apart_by.mean()), math.inf, float(numpy.mean(within))
    if len(ours) > 1:
        reach = Z95 * float(apart_by.std(ddof=1)) / math.sqrt(len(ours))
    return Score(
        cases=len(ours),
        error_us=float(numpy.mean(ours)),
        naive_us=float(numpy.mean(theirs)),
        better=(mean, mean - reach, mean + reach),
        covered=covered,
        width_us=float(numpy.mean(widths)),
        beats_naive=mean - reach > LEAST_BETTER * float(numpy.mean(theirs))
        and float(numpy.mean(within)) >= LEAST_COVERED,
    )
