"""Texts of a definition as HTML: paragraphs, lists, bold and links; nothing else.

Comes in: text of an editor. Goes out: Markup. Always holds: everything was escaped before any tag was added, and what
results passed a sanitiser that knows only the tags below; a link leads to https or to a page of our own.
"""

import re
from functools import lru_cache

import nh3
from markupsafe import Markup, escape

from raadhuis.kernel.texts import SPECIAL

_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\((https://[^\s()<>]{1,500}|/(?![/\\])[^\s()<>]{0,500})\)")
_BOLD = re.compile(r"\*\*([^*\n]{1,300})\*\*")
_BULLET = re.compile(r"^[-*•]\s+")
_NUMBERED = re.compile(r"^\d{1,3}[.)]\s+")
_TAGS = {"p", "ul", "ol", "li", "strong", "a", "br"}
_CLASSES = {"p": "utrecht-paragraph", "ul": "utrecht-unordered-list", "ol": "utrecht-ordered-list"}
LONGEST = 50_000
_ITSELF = re.compile(rf"\\([{re.escape(SPECIAL)}])")
_HIDDEN = 0xE000  # Of the private use area: while tags are added, a character that is just itself stands here.
_SHOWN = {_HIDDEN + place: char for place, char in enumerate(SPECIAL)}


def _inline(line: str) -> str:
    safe = _ITSELF.sub(lambda found: chr(_HIDDEN + SPECIAL.index(found.group(1))), str(escape(line)))
    linked = _LINK.sub(r'<a class="utrecht-link utrecht-link--html-a" href="\2">\1</a>', safe)
    return _BOLD.sub(r"<strong>\1</strong>", linked).translate(_SHOWN)


def _list(tag: str, mark: re.Pattern[str], lines: list[str]) -> str:
    item = f'<li class="{_CLASSES[tag]}__item">'
    inner = "".join(f"{item}{_inline(mark.sub('', line))}</li>" for line in lines)
    return f'<{tag} class="{_CLASSES[tag]}">{inner}</{tag}>'


def _block(lines: list[str]) -> str:
    parts: list[str] = []
    while lines:
        tag, mark = next(
            ((tag, mark) for tag, mark in (("ul", _BULLET), ("ol", _NUMBERED)) if mark.match(lines[0])), ("p", None)
        )
        run = 1
        while run < len(lines) and (
            mark.match(lines[run])
            if mark is not None
            else not (_BULLET.match(lines[run]) or _NUMBERED.match(lines[run]))
        ):
            run += 1
        if mark is None:
            parts.append(f'<p class="{_CLASSES["p"]}">{"<br>".join(map(_inline, lines[:run]))}</p>')
        else:
            parts.append(_list(tag, mark, lines[:run]))
        lines = lines[run:]
    return "".join(parts)


@lru_cache(maxsize=2048)
def prose(text: str) -> Markup:
    """Paragraphs (a blank line parts them), lists ("- " or "1. "), **bold**, [links](https://… or /…).

    A backslash before one of these marks makes it a plain character.
    """
    blocks = re.split(r"\n\s*\n", text[:LONGEST].replace("\r\n", "\n").strip())
    html = "".join(_block([line.strip() for line in block.split("\n") if line.strip()]) for block in blocks)
    return Markup(  # noqa: S704 - sanitised here
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href", "class"}, "p": {"class"}, "ul": {"class"}, "ol": {"class"}, "li": {"class"}},
            url_schemes={"https"},
            link_rel="noopener noreferrer",
        )
    )
