"""Tables for the tests: one by hand, and a way to draw any."""

from datetime import date, timedelta

from hypothesis import strategies as st

from raadhuis.kernel.texts import Text
from raadhuis.rules.schema import DecisionTable, TableInput, TableOutput, TableRow

SAID = Text("Zo is het.", "So it is.")


def column(fact: str, type_: str, **more: object) -> TableInput:
    return TableInput(fact, type_, Text(fact, fact), **more)  # type: ignore[arg-type]


def row(id_: str, when: dict, law: str = "awb", **then: object) -> TableRow:
    return TableRow(id_, when, then, SAID, law)  # type: ignore[arg-type]


PARKING = DecisionTable(
    id="parkeren",
    title=Text("Parkeren", "Parking"),
    inputs=[
        column("buurt", "text", values=["Centrum", "Havenkwartier", "Elders"]),
        column("eigen", "boolean"),
        column("eerder", "number", at_least=0, at_most=99),
    ],
    outputs=[TableOutput("result", "text"), TableOutput("fee", "number")],
    rows=[
        row("vol", {"buurt": '"Centrum", "Havenkwartier"', "eigen": True, "eerder": ">= 2"}, result="refuse", fee=0),
        row("mag", {"buurt": 'not("Elders")', "eigen": True, "eerder": "< 2"}, result="grant", fee=3200),
        row("niet-eigen", {"buurt": 'not("Elders")', "eigen": False}, result="person", fee=0),
        row("elders", {"buurt": "Elders"}, result="refuse", fee=0),
    ],
)

TEXTS = st.text(min_size=1, max_size=8).filter(lambda t: t.strip())
NUMBERS = st.one_of(
    st.integers(-50, 50),
    st.integers(-(10**14), 10**14),
    st.decimals(-(10**6), 10**6, places=3, allow_nan=False).map(float),
)
DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))
DAYS = timedelta(days=1)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6f}"
    return value.isoformat() if isinstance(value, date) else str(value)


@st.composite
def ordered_cells(draw: st.DrawFn, pool: list) -> str:
    kind = draw(st.sampled_from(["value", "compare", "range", "one-of", "not"]))
    pick = st.sampled_from(pool)
    if kind == "compare":
        return f"{draw(st.sampled_from(['>=', '<=', '>', '<', '=', '!=']))} {written(draw(pick))}"
    if kind == "range":
        low, high = sorted([draw(pick), draw(pick)])
        if low < high:
            return f"{draw(st.sampled_from('[('))}{written(low)}..{written(high)}{draw(st.sampled_from('])'))}"
        return f"[{written(low)}..{written(high)}]"
    values = ", ".join(written(draw(pick)) for _ in range(draw(st.integers(1, 3))))
    return f"not({values})" if kind == "not" else values


@st.composite
def text_cells(draw: st.DrawFn, pool: list[str]) -> str:
    values = ", ".join(quoted(draw(st.sampled_from(pool))) for _ in range(draw(st.integers(1, 3))))
    return f"not({values})" if draw(st.booleans()) else values


@st.composite
def tables_and_facts(draw: st.DrawFn) -> tuple[DecisionTable, list[dict]]:
    """A random table, and facts near its edges: drawn from the values that its cells mention, and from elsewhere."""
    columns, cells, facts = [], {}, {}
    for number in range(draw(st.integers(1, 4))):
        name = f"feit_{number}"
        type_ = draw(st.sampled_from(["boolean", "number", "text", "date"]))
        columns.append(column(name, type_, decimals=6 if type_ == "number" else 0))
        if type_ == "boolean":
            cells[name], facts[name] = st.booleans(), st.booleans()
        elif type_ == "text":
            pool = draw(st.lists(TEXTS, min_size=2, max_size=4))
            cells[name], facts[name] = text_cells(pool), st.one_of(st.sampled_from(pool), TEXTS)
        else:
            values = NUMBERS if type_ == "number" else DATES
            pool = draw(st.lists(values, min_size=2, max_size=4))
            cells[name], facts[name] = ordered_cells(pool), st.one_of(st.sampled_from(pool), values)
    rows = []
    for number in range(draw(st.integers(1, 6))):
        asked = draw(st.lists(st.sampled_from(sorted(cells)), unique=True))
        rows.append(row(f"r{number}", {name: draw(cells[name]) for name in asked}, result="grant", n=number))
    outputs = [TableOutput("result", "text"), TableOutput("n", "number")]
    hit = draw(st.sampled_from(["first", "collect"]))
    drawn = draw(st.lists(st.fixed_dictionaries(facts), min_size=1, max_size=5))
    return DecisionTable("t", SAID, columns, outputs, rows, hit), drawn
