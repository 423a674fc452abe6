"""HTML and templates of the source as texts of ours: paragraphs, lists, bold and links, with `{places}`.

Comes in: what an editor of the source made, with `{{ answers }}` and `{% if %}` in it. Goes out: segments, each with
the condition under which it is shown. Always holds: no tag of the source comes through; what was not kept is told to
`lost`, in words.
"""

import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser
from typing import Any

import msgspec

_TOKEN = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
_WORD = re.compile(r"""\s*("(?:[^"]*)"|'(?:[^']*)'|==|!=|<=|>=|<|>|[\w.]+)""")
_LINK = re.compile(r"(https://[^\s()<>]{1,500})")
_BRACES = re.compile(r"[{}]")
LONGEST = 50_000
MOST_SEGMENTS, MOST_TAGS, MOST_WORDS = 20, 100, 100

Lost = Callable[[str, str], None]
"""Called with what could not be kept, and why."""
Place = Callable[[str], str | None]
"""Our `{place}` for a variable of the source, or its words when it never changes; None when there is none."""


_BETWEEN = " ·\t\n\xa0"


class Segment(msgspec.Struct, frozen=True):
    """A piece of HTML that is shown when `logic` (JSON-Logic; True for always) holds."""

    logic: Any
    html: str


def segments(html: str, lost: Lost) -> list[Segment]:
    """Splits at `{% if %}`, `{% elif %}`, `{% else %}` and `{% endif %}`, one level deep or more."""
    tokens = [t for t in _TOKEN.split(html[:LONGEST]) if t]
    if len(html) > LONGEST:
        lost(f"tekst na {LONGEST} tekens", "langer dan een tekst hier kan zijn")
    if sum(1 for token in tokens if token.startswith("{%")) > MOST_TAGS:
        lost("de voorwaarden in een tekst", f"meer dan {MOST_TAGS} opdrachten in één tekst")
        tokens = [token for token in tokens if not token.startswith("{%")]
    found, rest = _block(tokens, True, lost)
    while rest:  # An {% endif %} too many.
        more, rest = _block(rest[1:], True, lost)
        found += more
    merged: list[Segment] = []
    for segment in found:
        if merged and merged[-1].logic == segment.logic:
            merged[-1] = Segment(segment.logic, merged[-1].html + segment.html)
        elif segment.html.strip():
            merged.append(segment)
    return merged[:MOST_SEGMENTS]


def _block(tokens: list[str], logic: Any, lost: Lost) -> tuple[list[Segment], list[str]]:
    """The segments up to a tag that closes this block, and the tokens from there."""
    found: list[Segment] = []
    while tokens:
        token = tokens[0]
        tag = _tag(token)
        if tag in {"elif", "else", "endif"}:
            break
        tokens = tokens[1:]
        if tag != "if":
            found.append(Segment(logic, token))
            continue
        inner, tokens = _branches(token, tokens, logic, lost)
        found += inner
    return found, tokens


def _branches(token: str, tokens: list[str], logic: Any, lost: Lost) -> tuple[list[Segment], list[str]]:
    found: list[Segment] = []
    before: list[Any] = []
    while True:
        tag = _tag(token)
        own = True if tag == "else" else _condition(token, lost)
        when = _and(logic, *({"!": [b]} for b in before), own)
        inner, tokens = _block(tokens, when, lost)
        found += inner
        if own is not True:
            before.append(own)
        if not tokens or _tag(tokens[0]) == "endif":
            return found, tokens[1:]
        token, tokens = tokens[0], tokens[1:]


def _and(*logics: Any) -> Any:
    kept = [part for part in logics if part is not True]
    return True if not kept else kept[0] if len(kept) == 1 else {"and": kept}


def _tag(token: str) -> str:
    if not token.startswith("{%"):
        return ""
    words = token[2:-2].strip("- \n\t").split()
    return words[0] if words else ""


def _condition(token: str, lost: Lost) -> Any:
    """A Django condition as JSON-Logic; what is too hard is true, and told."""
    text = token[2:-2].strip("- \n\t").partition(" ")[2]
    words = _WORD.findall(text)
    try:
        if len(words) > MOST_WORDS or "".join(words) != re.sub(
            r"\s+(?=(?:[^\"']*[\"'][^\"']*[\"'])*[^\"']*$)", "", text
        ):
            raise ValueError(text)
        logic, rest = _or(words)
        if rest:
            raise ValueError(text)
        return logic
    except (ValueError, IndexError):
        lost(f"de voorwaarde `{text[:80]}` in een tekst", "deze vorm van voorwaarde kennen wij niet")
        return True


def _or(words: list[str]) -> tuple[Any, list[str]]:
    left, words = _conjunction(words)
    parts = [left]
    while words and words[0] == "or":
        right, words = _conjunction(words[1:])
        parts.append(right)
    return (parts[0] if len(parts) == 1 else {"or": parts}), words


def _conjunction(words: list[str]) -> tuple[Any, list[str]]:
    left, words = _negation(words)
    parts = [left]
    while words and words[0] == "and":
        right, words = _negation(words[1:])
        parts.append(right)
    return (parts[0] if len(parts) == 1 else {"and": parts}), words


def _negation(words: list[str]) -> tuple[Any, list[str]]:
    if words[0] == "not":
        inner, words = _negation(words[1:])
        return {"!": [inner]}, words
    left, words = _operand(words[0]), words[1:]
    if words and words[0] in {"==", "!=", "<", "<=", ">", ">="}:
        return {words[0]: [left, _operand(words[1])]}, words[2:]
    return left, words


def _operand(word: str) -> Any:
    if word[0] in "\"'":
        return word[1:-1]
    if word in {"True", "False"}:
        return word == "True"
    if re.fullmatch(r"-?\d+(\.\d+)?", word):
        return float(word) if "." in word else int(word)
    if not _PATH.fullmatch(word) or word in {"and", "or", "in", "is"}:
        raise ValueError(word)
    return {"var": word}


def text(html: str, place: Place, lost: Lost) -> str:
    """HTML with `{{ places }}` as a text of ours."""
    parser = _Prose(lost)
    parser.feed("".join(_placed(token, place, lost) for token in _TOKEN.split(html)))
    parser.close()
    return parser.text()


def plain(html: str, place: Place, lost: Lost) -> str:
    """The same on one line, without markup: for a label or a title."""
    return " ".join(re.sub(r"\*\*|\[([^\]]*)\]\([^)]*\)", r"\1", text(html, place, lost)).split())


_OPEN, _CLOSE = "\ue000", "\ue001"
"""Stand for the braces of our places while the HTML is read; braces of the text itself become round brackets."""


def _kept(found: str) -> str:
    return f"{_OPEN}{found[1:-1]}{_CLOSE}" if found.startswith("{") else escape(found)


def _placed(token: str, place: Place, lost: Lost) -> str:
    if token.startswith("{{"):
        inner = token[2:-2].strip()
        name, _, filters = inner.partition("|")
        found = place(name.strip()) if _PATH.fullmatch(name.strip()) else None
        if found is None:
            lost(f"`{inner[:80]}` in een tekst", "er is geen antwoord of gegeven met deze naam")
            return ""
        if filters and filters.split(":")[0].strip() not in {"join", "safe", "default", "date", "lower", "upper"}:
            lost(f"de bewerking `{filters[:40]}` in een tekst", "een plek toont het antwoord zoals het is")
        return _kept(found)
    if token.startswith("{%"):
        words = token[2:-2].split()
        if len(words) == 3 and words[0] == "get_value":
            key = words[2].strip("\"'")
            found = place(f"{words[1]}.{key}")
            if found is not None:
                return _kept(found)
        lost(f"`{token[:80]}` in een tekst", "deze opdracht voor een sjabloon kennen wij niet")
        return ""
    return _BRACES.sub(lambda brace: "(" if brace[0] == "{" else ")", token)


class _Prose(HTMLParser):
    """Writes paragraphs, list items, bold and links; everything else is only its words."""

    def __init__(self, lost: Lost) -> None:
        super().__init__(convert_charrefs=True)
        self._lost = lost
        self._lines: list[str] = [""]
        self._lists: list[list[int]] = []
        self._link: list[str] = []
        self._quiet = 0

    def text(self) -> str:
        lines = [re.sub(r"[ \t\xa0]+", " ", line).strip() for line in self._lines]
        lines = [re.sub(r"\*\*\s*\*\*", "", line) for line in lines]
        whole = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
        return whole.replace(_OPEN, "{").replace(_CLOSE, "}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self._quiet += 1
        elif tag in {"p", "div", "table", "figure", "blockquote"} or re.fullmatch("h[1-6]", tag):
            self._paragraph()
            if tag.startswith("h"):
                self._lines[-1] += "**"
        elif tag in {"br", "tr"}:
            self._lines.append("")
        elif tag in {"ul", "ol"}:
            self._lists.append([1 if tag == "ol" else 0])
        elif tag == "li":
            self._item()
        elif tag in {"strong", "b"}:
            self._lines[-1] += "**"
        elif tag in {"td", "th"} and self._lines[-1].strip(_BETWEEN):
            self._lines[-1] = self._lines[-1].rstrip(_BETWEEN) + " · "  # Empty cells leave one dot, not a row of them.
        elif tag == "a":
            self._link.append(dict(attrs).get("href") or "")
            self._lines[-1] += "["
        elif tag in {"img", "iframe", "video", "object", "embed"}:
            self._lost(f"een `{tag}` in een tekst", "een tekst heeft alleen woorden en links")

    def _paragraph(self) -> None:
        if self._lists and self._lines[-1] in {"- ", f"{self._lists[-1][0] - 1}. "}:
            return  # A paragraph inside a list item.
        if self._lines[-1].strip():
            self._lines += ["", ""]

    def _item(self) -> None:
        if self._lines[-1].strip():
            self._lines.append("")
        if len(self._lists) <= 1 and len(self._lines) > 1 and not _is_item(self._lines[-2]) and self._lines[-2].strip():
            self._lines.append("")
        counter = self._lists[-1] if self._lists else [0]
        self._lines[-1] = f"{counter[0]}. " if counter[0] else "- "
        counter[0] += 1 if counter[0] else 0

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._quiet = max(0, self._quiet - 1)
        elif re.fullmatch("h[1-6]", tag):
            self._lines[-1] = _bold_closed(self._lines[-1])
            self._lines += ["", ""]
        elif tag in {"p", "div", "table", "figure", "blockquote"} and not self._lists:
            self._paragraph()
        elif tag in {"ul", "ol"}:
            self._lists = self._lists[:-1]
            if not self._lists:
                self._lines += ["", ""]
        elif tag in {"strong", "b"}:
            self._lines[-1] = _bold_closed(self._lines[-1])
        elif tag == "a" and self._link:
            self._close_link(self._link.pop())

    def _close_link(self, address: str) -> None:
        before, _, words = self._lines[-1].rpartition("[")
        address = address.strip()
        if address.startswith("http://"):
            address = f"https://{address.removeprefix('http://')}"
        words = words.replace("**", "")
        if not words.strip():
            self._lines[-1] = before
        elif _LINK.fullmatch(address) and _OPEN not in address:
            self._lines[-1] = f"{before}[{words.strip()[:300]}]({address})"
        else:
            shown = address.removeprefix("mailto:").removeprefix("tel:")
            self._lines[-1] = before + (words if shown in {"", words} else f"{words} ({shown})")

    def handle_data(self, data: str) -> None:
        if self._quiet:
            return
        words = data.replace("\n", " ").replace("\r", " ")
        self._lines[-1] += words if self._lines[-1] else words.lstrip()


def _is_item(line: str) -> bool:
    return bool(re.match(r"^(-|\d{1,3}\.)\s", line))


def _bold_closed(line: str) -> str:
    """Closes bold; the spaces that an editor left inside stand outside."""
    before, mark, words = line.rpartition("**")
    if not mark:
        return line
    if not words.strip():
        return before + words
    lead, trail = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    return f"{before}{lead}**{words.strip()}**{trail}"
