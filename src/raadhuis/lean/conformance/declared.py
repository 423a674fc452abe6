"""The flow that a service declares: what its definition says happens, and in which order.

In: a Definition. Out: its Steps, the same as a Net to hold cases against, and as a Diagram to look at.
Always holds: a case comes in, its tasks are done, each after those that it waits for, it is decided on where the
service decides, and it is closed. A task with a condition may be left out; where a table decides, all tasks may be.
Four eyes are a proposal, a signature, and then the task itself. Of what a definition does not speak (questions, terms,
messages) nothing is said.
"""

import msgspec

from raadhuis.catalogue.schema import Definition
from raadhuis.lean.discovery.diagrams import Diagram, Node
from raadhuis.lean.discovery.nets import SINK, SOURCE, Net, Transition

CREATED, DECIDED, CLOSED = "case.created", "decision.taken", "case.closed"
PROPOSED, SIGNED = "decision.proposed", "approve"


class Step(msgspec.Struct, frozen=True):
    """A task, as the parts that it is told in; `after`: the steps it waits for, by their place in the list."""

    parts: tuple[str, ...]
    after: tuple[int, ...]
    optional: bool


class Flow(msgspec.Struct, frozen=True):
    """What a definition declares. `decides`: a decision is taken; `automatic`: sometimes without any task."""

    steps: list[Step]
    decides: bool
    automatic: bool

    @property
    def activities(self) -> frozenset[str]:
        """All that it speaks of."""
        told = {name for one in self.steps for name in one.parts}
        return frozenset(told | {CREATED, CLOSED} | ({DECIDED} if self.decides else set()))


def flow_of(definition: Definition) -> Flow:
    """The flow of a definition; what a task waits for through another is left to that other."""
    place = {task.id: number for number, task in enumerate(definition.tasks)}
    before: list[set[int]] = []
    steps = []
    for task in definition.tasks:
        direct = {place[one] for one in task.after if place.get(one, len(before)) < len(before)}
        through = set[int]().union(*(before[one] for one in direct))
        before.append(direct | through)
        parts = (PROPOSED, SIGNED, task.id) if task.four_eyes else (task.id,)
        steps.append(Step(parts, tuple(sorted(direct - through)), bool(task.when)))
    decision = definition.decision
    return Flow(steps, decision is not None, bool(decision and decision.table))


def _successors(flow: Flow) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in flow.steps]
    for number, step in enumerate(flow.steps):
        for one in step.after:
            found[one].append(number)
    return found


class _Places:
    def __init__(self) -> None:
        self.count = 2

    def new(self) -> int:
        self.count += 1
        return self.count - 1


def net_of_flow(flow: Flow) -> Net:
    """The net whose runs are what the definition allows."""
    places = _Places()
    came, worked = places.new(), places.new()
    made = [Transition(CREATED, (SOURCE,), (came,))]
    if flow.automatic or not flow.steps:
        made.append(Transition("", (came,), (worked,)))
    if flow.steps:
        _add_tasks(made, flow, places, (came, worked))
    end = worked
    if flow.decides:
        end = places.new()
        made.append(Transition(DECIDED, (worked,), (end,)))
    made.append(Transition(CLOSED, (end,), (SINK,)))
    return Net(places.count, made)


def _add_tasks(made: list[Transition], flow: Flow, places: _Places, ends: tuple[int, int]) -> None:
    """Between two places: each task takes what those before it gave, and gives to those that wait for it."""
    between = {(one, number): places.new() for number, step in enumerate(flow.steps) for one in step.after}
    after = _successors(flow)
    begins = {number: places.new() for number, step in enumerate(flow.steps) if not step.after}
    lasts = {number: places.new() for number, found in enumerate(after) if not found}
    made.append(Transition("", (ends[0],), tuple(begins.values())))
    for number, step in enumerate(flow.steps):
        takes = tuple(between[one, number] for one in step.after) or (begins[number],)
        gives = tuple(between[number, one] for one in after[number]) or (lasts[number],)
        if step.optional:
            made.append(Transition("", takes, gives))
        for part in step.parts[:-1]:
            here = places.new()
            made.append(Transition(part, takes, (here,)))
            takes = (here,)
        made.append(Transition(step.parts[-1], takes, gives))
    made.append(Transition("", tuple(lasts.values()), (ends[1],)))


def diagram_of_flow(flow: Flow) -> Diagram:
    """The same to look at."""
    made = Diagram([Node("begin"), Node("end"), Node("step", CREATED)], [(0, 2)])
    tail = 2
    if flow.steps:
        if flow.automatic:
            made.nodes.append(Node("choice"))
            made.flows.append((tail, len(made.nodes) - 1))
            tail = len(made.nodes) - 1
        done = _draw_tasks(made, flow, tail)
        if flow.automatic:
            made.nodes.append(Node("choice"))
            made.flows.extend([(done, len(made.nodes) - 1), (tail, len(made.nodes) - 1)])
            done = len(made.nodes) - 1
        tail = done
    for name in (DECIDED, CLOSED) if flow.decides else (CLOSED,):
        made.nodes.append(Node("step", name))
        made.flows.append((tail, len(made.nodes) - 1))
        tail = len(made.nodes) - 1
    made.flows.append((tail, 1))
    return made


def _draw_tasks(made: Diagram, flow: Flow, tail: int) -> int:
    """The tasks behind `tail`; the node from which the case goes on."""
    after = _successors(flow)
    roots = sum(1 for step in flow.steps if not step.after)
    opening = _gate(made, [tail], "parallel") if roots > 1 else tail
    goes: list[int] = []
    for step, following in zip(flow.steps, after, strict=True):
        here = _gate(made, [goes[one] for one in step.after] or [opening], "parallel" if len(step.after) > 1 else "")
        ahead = here
        if step.optional:
            ahead = here = _gate(made, [here], "choice")
        for part in step.parts:
            ahead = _gate(made, [ahead], "step", part)
        if step.optional:
            ahead = _gate(made, [ahead, here], "choice")
        goes.append(_gate(made, [ahead], "parallel") if len(following) > 1 else ahead)
    lasts = [goes[number] for number, following in enumerate(after) if not following]
    return _gate(made, lasts, "parallel") if len(lasts) > 1 else lasts[0]


def _gate(made: Diagram, tails: list[int], kind: str, name: str = "") -> int:
    """A node behind `tails`; without a kind none is needed, and the tail itself goes on."""
    if not kind:
        return tails[0]
    made.nodes.append(Node(kind, name))  # type: ignore[arg-type]
    made.flows.extend((one, len(made.nodes) - 1) for one in tails)
    return len(made.nodes) - 1
