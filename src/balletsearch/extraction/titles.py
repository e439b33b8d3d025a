"""What is a story called?

Its first Markdown heading, else a first line that stands alone (under 80 letters, no full stop
at its end, an empty line after it), else the name of its dancer, else that of its record in a
file of many stories, else that of its file.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

__all__ = ["title"]

LONGEST: Final = 80
"""Letters in a first line from which on it is prose."""

_HEADING: Final = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_UNDERLINED: Final = re.compile(r"^ {0,3}(\S.*?)[ \t]*\n {0,3}(?:=+|-{3,})[ \t]*$", re.MULTILINE)
_FENCED: Final = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_FIRST: Final = re.compile(r"\s*(\S[^\n]*)\n[^\S\n]*\n")
_SUFFIX: Final = re.compile(r"(?<=.)\.(?:txt|text|md|markdown|jsonl|gz)$", re.IGNORECASE)
_MARKS: Final = re.compile(r"(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1")


def title(body: str, dancer: str, path: str, record: str = "") -> str:
    """The title of a story without one in its header; empty where nothing gives one.

    `record` names it in a file of many stories, by the number of its line if by nothing else.
    """
    return _heading(body) or _first_line(body) or dancer or _record(path, record)


def _heading(body: str) -> str:
    # Headings are rare: most texts are spared the look for them.
    if "#" not in body and "\n=" not in body and "\n---" not in body:
        return ""
    prose = _FENCED.sub("", body) if "```" in body or "~~~" in body else body
    found = min(
        (m for p in (_HEADING, _UNDERLINED) if (m := p.search(prose))),
        key=re.Match.start,
        default=None,
    )
    return _plain(found[1]) if found else ""


def _first_line(body: str) -> str:
    found = _FIRST.match(body)
    if found is None:
        return ""
    line = found[1].strip()
    return "" if len(line) >= LONGEST or line.endswith(".") else _plain(line)


def _plain(line: str) -> str:
    return " ".join(_MARKS.sub(r"\2", line).split())


def _record(path: str, record: str) -> str:
    name = PurePosixPath(record).name
    if not name or record.isdecimal():
        # A number alone is mostly that of a line, and says nothing without its file.
        return _spaced(f"{_file_name(path)} {name}")
    # Other dots are the author's: "Op. 20".
    return _spaced(_SUFFIX.sub("", name))


def _file_name(path: str) -> str:
    file = PurePosixPath(path)
    if file.suffix.lower() == ".gz":
        file = file.with_suffix("")
    return _spaced(file.stem)


def _spaced(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("-", " ").split())
