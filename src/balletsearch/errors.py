"""What can go wrong, and whose it is to mend?

    BalletsearchError
    ├── QueryError        the question: the person who asked mends it
    ├── StoryError        one text: the person who wrote it mends it; nothing else is lost
    ├── SettingsError     a settings file, a gazetteer file or an option
    ├── SourceError       a folder of stories as a whole (missing, half empty)
    ├── JudgementError    a file of questions or of judgements that nothing can be measured by
    └── IndexFaultError        the index itself
        ├── IndexMissingError      there is none yet
        ├── IndexForeignError      the folder belongs to something else
        ├── IndexOutdatedError     made by another version or another analysis: rebuild
        └── IndexLockedError       another process is writing
    UnsupportedError (also a QueryError): this engine cannot do that

Every message is one or two sentences: what, where, what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from balletsearch.model import Problem

__all__ = [
    "OLDER",
    "BalletsearchError",
    "IndexFaultError",
    "IndexForeignError",
    "IndexLockedError",
    "IndexMissingError",
    "IndexOutdatedError",
    "JudgementError",
    "OlderStateWarning",
    "QueryError",
    "SettingsError",
    "SourceError",
    "StoryError",
    "UnsupportedError",
]


OLDER: Final = "The newest state of the index cannot be read, so this is the one before."
"""What every answer of a damaged index says, before the reason."""


class OlderStateWarning(UserWarning):
    """What is seen is an older state of the index, since the newest cannot be read.

    Given where there are no results of ours to carry it: by an index for Whoosh.
    """


class BalletsearchError(Exception):
    """The base of everything that this library raises on purpose."""


class QueryError(BalletsearchError):
    """A query that cannot be answered; `problems` say where in its text, and why."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class UnsupportedError(QueryError):
    """A request that the engine in use does not serve; raised before any work is done."""


class StoryError(BalletsearchError):
    """One story that cannot be read or stored; the message names it."""


class SettingsError(BalletsearchError):
    """A setting or a gazetteer file that does not make sense; the message names the place."""


class SourceError(BalletsearchError):
    """A folder of stories that is missing, or that would lose more than half of its stories."""


class JudgementError(BalletsearchError):
    """Questions or judgements by which nothing can be measured; the message says which and why."""


class IndexFaultError(BalletsearchError):
    """The index cannot be used as it stands."""


class IndexMissingError(IndexFaultError):
    """There is no index in that folder yet."""


class IndexForeignError(IndexFaultError):
    """The folder holds something that is not ours; nothing was written to it."""


class IndexOutdatedError(IndexFaultError):
    """The index was made by another version, or with another analysis of words."""


class IndexLockedError(IndexFaultError):
    """Another process is writing to the index; the message names it."""
