"""What can be asked of a collection, and of one state of it that is held?"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from balletsearch.adding import standing
from balletsearch.answering import Asked, Facets, Snippets, request_of, results_of
from balletsearch.cursors import going_on
from balletsearch.errors import QueryError
from balletsearch.fields import FIELDS, Field
from balletsearch.hints import Completion, Suggestion
from balletsearch.model import Results, Story
from balletsearch.passages import LENGTH, PASSAGES
from balletsearch.query import Query

if TYPE_CHECKING:
    from balletsearch.engines.protocol import Reader, SearchRequest
    from balletsearch.evaluating import Evaluation, Setting
    from balletsearch.explaining import Explanation
    from balletsearch.judgements import Judgements
    from balletsearch.understanding import Understanding

__all__ = ["Collection", "Snapshot"]


class Collection(ABC):
    """Stories that can be searched and read; whoever derives from it says which."""

    @abstractmethod
    def _reader(self) -> Reader:
        """What answers now."""

    @abstractmethod
    def _understanding(self) -> Understanding:
        """How texts are read as queries."""

    @abstractmethod
    def _languages(self) -> tuple[str, ...]:
        """The languages that words are stemmed in, the usual one first."""

    def search(
        self,
        query: str | Query = "*",
        *,
        facets: Facets = (),
        where: Asked | None = None,
        sort: str | Iterable[str] = (),
        group: str = "",
        offset: int = 0,
        limit: int | None = 10,
        after: str = "",
        any_word: bool = False,
        plain: bool = False,
        strict: bool = False,
        snippets: bool = True,
        suggest: bool = True,
        emphasis: bool = True,
        neighbours: bool = False,
        expand: bool = False,
        passages: int = PASSAGES,
        snippet_length: int = LENGTH,
    ) -> Results:
        """The stories that a query finds, best first.

        `facets` are fields to count over all that was found (:class:`balletsearch.FacetRequest`
        says which values, in which order, how many), `where` selects whole values or ranges
        (`words="300..499"`), `sort` orders by fields (`-words`: descending) instead of by
        relevance. `group` shows the best story for each value of a field. `after` takes the
        `cursor` of the results before and goes on behind them, whatever was added or removed.
        Snippets have at most so many passages, and in all so many characters. `any_word`,
        `plain` and `strict` are as in :func:`balletsearch.query.parse`. With `suggest` a word that
        is rare beside a neighbour has the results suggest another query that finds something, if it
        is given as text. Without `emphasis` every word counts alike, and so do all of its forms;
        with `neighbours` words that stand together as in the query count more, with `expand` other
        words that the first answers have in common count, too. QueryError where the query cannot
        be answered.
        """
        reader = self._reader()
        typed = isinstance(query, str)
        query = self._read(query, any_word=any_word, plain=plain, strict=strict)
        request = self._request(
            query,
            reader,
            facets=facets,
            where=where,
            sort=sort,
            group=group,
            offset=offset,
            limit=limit,
            emphasis=emphasis,
            neighbours=neighbours,
            expand=expand,
        )
        wanted = Snippets(passages if snippets else 0, snippet_length)
        results = results_of(query, going_on(request, after), reader, wanted)
        if suggest and typed:
            from balletsearch.suggesting import suggestions

            read = partial(self.parse, any_word=any_word, plain=plain)
            found = suggestions(query, request, reader, read, found=results.total)
            results = replace(results, suggestion=next(iter(found), None))
        return results

    def explain(
        self,
        query: str | Query,
        *,
        where: Asked | None = None,
        sort: str | Iterable[str] = (),
        group: str = "",
        offset: int = 0,
        limit: int | None = 10,
        after: str = "",
        any_word: bool = False,
        plain: bool = False,
        strict: bool = False,
        emphasis: bool = True,
        neighbours: bool = False,
        expand: bool = False,
    ) -> Explanation:
        """How a query is understood, and how the score of each hit on a page comes about.

        Options are as in :meth:`search`. The shares of a hit add up to its score; where the order
        is by fields there are none.
        """
        from balletsearch.explaining import explained

        reader = self._reader()
        query = self._read(query, any_word=any_word, plain=plain, strict=strict)
        request = self._request(
            query,
            reader,
            where=where,
            sort=sort,
            group=group,
            offset=offset,
            limit=limit,
            emphasis=emphasis,
            neighbours=neighbours,
            expand=expand,
        )
        request = going_on(replace(request, spans=False), after)
        return explained(results_of(query, request, reader, Snippets(0)), request, reader)

    def suggest(
        self,
        text: str,
        *,
        where: Asked | None = None,
        any_word: bool = False,
        plain: bool = False,
        limit: int = 5,
    ) -> tuple[Suggestion, ...]:
        """Other queries that may be meant by a text, the likeliest first, each with its total.

        Each finds something, and no less than the text does; none where no word of it is to be
        doubted. Options are as in :meth:`search`.
        """
        from balletsearch.suggesting import suggestions

        reader = self._reader()
        read = partial(self.parse, any_word=any_word, plain=plain)
        query = read(text)
        request = request_of(query, where=where, limit=0)
        found = reader.search(replace(request, spans=False)).total
        return suggestions(query, request, reader, read, found=found, limit=limit)

    def complete(self, text: str, *, limit: int = 10) -> tuple[Completion, ...]:
        """How a query may go on whose last word is being typed: words, fields, values of fields.

        Most stories first, names of fields last; each with the number of stories that have it.
        """
        from balletsearch.completing import completions

        return completions(text, self._reader(), limit)

    def _read(self, query: str | Query, *, any_word: bool, plain: bool, strict: bool) -> Query:
        """A query as it was given, or what a text means."""
        if isinstance(query, str):
            return self.parse(query, any_word=any_word, plain=plain, strict=strict)
        if any_word or plain or strict:
            raise QueryError("any_word, plain and strict say how to read a text, not a Query.")
        return query

    def _request(
        self, query: Query, reader: Reader, *, emphasis: bool, expand: bool, **options: Any
    ) -> SearchRequest:
        """The request for a query, with what its words count; `options` are of `request_of`."""
        languages = self._languages()
        request = request_of(query, languages=languages if emphasis else None, **options)
        if expand and not request.sort:
            from balletsearch.feedback import expanded

            request = expanded(request, reader, languages)
        return request

    def evaluate(
        self,
        questions: str | os.PathLike[str] | Mapping[str, str],
        judgements: str | os.PathLike[str] | Judgements,
        *,
        setting: Setting | None = None,
        against: Setting | None = None,
    ) -> Evaluation:
        """How good the order of answers is by what people judged, and under another setting.

        Questions (id → text) and judgements (id → document → how relevant) may be files as
        :mod:`balletsearch.judgements` reads them; a document is the key of a story, or the record
        in it. Questions are asked in plain words, any of them, unless the setting says otherwise.
        JudgementError where nothing can be measured.
        """
        from balletsearch.evaluating import Setting, evaluated
        from balletsearch.judgements import read_judgements, read_questions

        reader = self._reader()
        asked = questions if isinstance(questions, Mapping) else read_questions(questions)
        judged = judgements if isinstance(judgements, Mapping) else read_judgements(judgements)

        def ask(text: str, chosen: Setting) -> list[str]:
            return self._ranked(reader, text, chosen)

        chosen = setting or Setting()
        return evaluated(asked, judged, reader.sources(), ask, setting=chosen, against=against)

    def _ranked(self, reader: Reader, text: str, setting: Setting) -> list[str]:
        """The keys of the best stories for a question."""
        from balletsearch.evaluating import RANKED

        query = self.parse(text, any_word=setting.any_word, plain=setting.plain)
        request = self._request(
            query,
            reader,
            limit=RANKED,
            emphasis=setting.emphasis,
            neighbours=setting.neighbours,
            expand=setting.expand,
        )
        request = replace(request, spans=False)
        return [match.story.key for match in reader.search(request).matches]

    def like(
        self,
        key: str | None = None,
        *,
        text: str | None = None,
        facets: Facets = (),
        where: Asked | None = None,
        offset: int = 0,
        limit: int | None = 10,
        snippets: bool = True,
    ) -> Results:
        """The other stories that have most in common with one, by its key, or with a text.

        Looked for are the words that tell most of it: frequent in it and rare elsewhere. The
        query of the results shows them. Options are as in :meth:`search`. QueryError where
        there is no such story, or nothing, or both, is given.
        """
        from balletsearch.likeness import resembling

        reader = self._reader()
        if (key is None) == (text is None):
            raise QueryError("What is it to be like? Give either the key of a story or a text.")
        story = Story("", str(text)) if key is None else standing(reader, key)
        if story is None:
            raise QueryError(f"There is no story '{key}' to find the like of.")
        tree = resembling(story, reader, self._languages())
        query = Query(str(tree), tree)
        request = request_of(
            query,
            facets=facets,
            where=where,
            offset=offset,
            limit=limit,
            without=() if key is None else (story.key,),
        )
        return results_of(query, request, reader, Snippets(PASSAGES if snippets else 0))

    def parse(
        self, text: str, *, any_word: bool = False, plain: bool = False, strict: bool = False
    ) -> Query:
        """The query that a text means here.

        Headers may have brought fields of their own, `query:` asks for what is saved, and a work is
        looked for by all its names.
        """
        return self._understanding().query(
            text,
            custom_fields=lambda: self.fields().keys() - FIELDS.keys(),
            any_word=any_word,
            plain=plain,
            strict=strict,
        )

    def fields(self) -> Mapping[str, Field]:
        """The fields that stories have here, by name; those from headers with their kind."""
        return self._reader().fields()

    def get(self, key: str) -> Story | None:
        """The story with this key."""
        return standing(self._reader(), key)

    def find(self, name: str) -> tuple[str, ...]:
        """The keys that somebody may mean by `name`: the key itself, or the end of a path."""
        keys = self._reader().sources()
        wanted = name.removeprefix("./")
        if found := tuple(key for key in (name, wanted) if key in keys):
            return found[:1]
        return tuple(sorted(k for k in keys if k.endswith((f"/{wanted}", f"#{wanted}"))))

    def stories(self) -> Iterator[Story]:
        """All stories, by key."""
        return self._reader().stories()

    def __len__(self) -> int:
        return self._reader().count()

    def __bool__(self) -> bool:
        return True


class Snapshot(Collection):
    """One state of a library: what is committed after it is not seen.

    A context manager; it keeps the files of its state open until it is let go, which closing the
    library does too.
    """

    def __init__(
        self, reader: Reader, languages: tuple[str, ...], understanding: Understanding
    ) -> None:
        self._held: Reader | None = reader
        self._spoken = languages
        self._understood = understanding

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the state; nothing can be asked of it any more."""
        self._held = None

    def _reader(self) -> Reader:
        if self._held is None:
            raise QueryError("This snapshot was let go of. Take another one: library.snapshot().")
        return self._held

    def _languages(self) -> tuple[str, ...]:
        return self._spoken

    def _understanding(self) -> Understanding:
        return self._understood
