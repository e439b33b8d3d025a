"""Which words hold a sentence together and say little of what it is about?

The closed classes of grammar: articles, pronouns, auxiliaries, prepositions, conjunctions, words
that ask. Each of them is in every index and found like any other word; that it says little is for
the order of answers alone (`emphasis.py`). A language without a list has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

__all__ = ["function_words"]

_ENGLISH: Final = """
a an the this that these those some any each every either neither no none all both few many much
more most other another such same own several enough
i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself
she her hers herself it its itself they them their theirs themselves one ones
who whom whose which what whatever whoever when where why how while whether
be am is are was were been being do does did doing done have has had having will would shall should
can could may might must ought
of in on at by for with about against between into through during before after above below to from
up down out off over under upon within without toward towards among across along around behind
beside besides beyond near since until till via per than as like
and or but nor so yet if because although though unless else not never only also too very just even
ever then there here now again further once thus hence therefore however
i'm you're he's she's it's we're they're don't doesn't didn't isn't aren't wasn't weren't can't
couldn't won't wouldn't
"""

_LISTS: Final = {"en": _ENGLISH}


@cache
def _of(language: str) -> frozenset[str]:
    return frozenset(_LISTS.get(language, "").split())


def function_words(languages: Iterable[str]) -> frozenset[str]:
    """The forms (see `words.form`) of the function words of some languages, given by code."""
    return frozenset[str]().union(*map(_of, languages))
