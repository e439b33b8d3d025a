"""Who reads and describes the stories of a sync?

`carried_out` turns jobs into outcomes, in their order. A few stories are read and described in
this process; where there are many, processes of our own do it side by side, while this one
writes the index. They are started by the command line of this Python, never by a copy of the
running process, so neither threads nor an unguarded script can be harmed by them, and they end
when this process does, however it ends. What goes to them and comes back is pickled: only they
and we write on those pipes.

A process that dies (killed, out of memory) is an error that says so; what was written until
then stays, and the next sync goes on.
"""

from __future__ import annotations

import itertools
import json
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Final, NamedTuple, Protocol, Self

from balletsearch import errors
from balletsearch.errors import BalletsearchError, SourceError
from balletsearch.model import Reading, Source, Story
from balletsearch.reading.drafts import Draft
from balletsearch.reports import Skip
from balletsearch.settings import Settings
from balletsearch.stories import Described, Describer, Making

__all__ = ["Crew", "Job", "Outcome", "carried_out", "perform", "plenty", "serve"]

PORTION: Final = 1_000_000
"""Bytes of text that are read and described at once; a megabyte keeps NumPy busy."""

PORTION_STORIES: Final = 1_000
"""And stories at most, whose texts may be short."""

SMALL: Final = 4
"""Portions up to which no process is started: that takes as long as to describe a few."""

MOST_PROCESSES: Final = 3
"""More describe faster than one index can be written."""

AHEAD: Final = 2
"""Portions for each process that may wait to be worked on, or to be fetched."""


_SWEPT: Final = 32
"""Portions after which a process looks for rings of references all the same."""


class Describing(Protocol):
    """What describes stories: a `Describer`, or a `StoryMaker` that has one."""

    def describe(self, makings: Iterable[Making]) -> list[Described]:
        """The description of each story."""


class Job(NamedTuple):
    """A story to be described: read from `file` already (`item`), or to be read.

    `key` and `path` are those of the story, `forced` the encoding set for its folder,
    `modified` and `language` as in `Making`. `settled` is a digest: a text with it needs no
    description.
    """

    key: str
    path: str
    file: str
    forced: str = ""
    modified: str = ""
    language: str = ""
    settled: str = ""
    item: Draft | Skip | None = None
    weight: int = 0


class Outcome(NamedTuple):
    """What a file said, and its description; None for what was lost and what is settled."""

    item: Draft | Skip
    described: Described | None = None


def perform(describer: Describing, fallback: str, jobs: Iterable[Job]) -> list[Outcome]:
    """Read and describe in this process. `fallback` is the encoding for what is not UTF-8."""
    from balletsearch.reading import read_story

    read_out: list[Draft | Skip] = []
    makings: dict[int, Making] = {}
    for at, job in enumerate(jobs):
        item: Draft | Skip
        if job.item is not None:
            item = job.item
        else:
            item = read_story(job.file, forced=job.forced, fallback=fallback)
        read_out.append(item)
        if isinstance(item, Draft) and item.digest != job.settled:
            source = Source("", job.path, item.record, 0, 0, 0, "", "")
            story = Story(job.key, item.body, item.header, source=source)
            makings[at] = Making(story, job.modified, job.language)
    described = dict(zip(makings, describer.describe(makings.values()), strict=True))
    return [Outcome(item, described.get(at)) for at, item in enumerate(read_out)]


def carried_out(
    jobs: Iterable[Job], describer: Describing, crew: Crew
) -> Generator[tuple[Job, Outcome], None, None]:
    """Each job with its outcome, in the order of the jobs, which are asked for as needed."""
    ready = _portions(jobs)
    first = list(islice(ready, SMALL + 1))
    if len(first) <= SMALL or not crew.start():
        for portion in chain(first, ready):
            outcomes = perform(describer, crew.settings.encoding, portion)
            yield from zip(portion, outcomes, strict=True)
        return
    waiting: deque[tuple[list[Job], Future[list[Outcome]]]] = deque()
    for portion in chain(first, ready):
        waiting.append((portion, crew.submit(portion)))
        if len(waiting) > AHEAD * crew.size:
            yield from _fetched(*waiting.popleft())
    while waiting:
        yield from _fetched(*waiting.popleft())


def plenty(root: Path) -> bool:
    """Whether a quick look at a folder, or a file, says that it holds more than a few portions.

    It may hold less, where files are to be passed over.
    """
    from balletsearch.reading import SUFFIXES

    size = stories = 0
    waiting = [os.fspath(root)]
    with suppress(OSError):
        if os.path.isfile(root):
            return os.path.getsize(root) > SMALL * PORTION
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting += [] if entry.name.startswith(".") else [entry.path]
                    elif entry.name.lower().endswith(SUFFIXES):
                        size += entry.stat().st_size
                        stories += 1
                    if size > SMALL * PORTION or stories > SMALL * PORTION_STORIES:
                        return True
    return False


def _fetched(
    portion: Sequence[Job], outcomes: Future[list[Outcome]]
) -> Iterator[tuple[Job, Outcome]]:
    return zip(portion, outcomes.result(), strict=True)


def _portions(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    portion: list[Job] = []
    weight = 0
    for job in jobs:
        portion.append(job)
        weight += job.weight
        if weight >= PORTION or len(portion) >= PORTION_STORIES:
            yield portion
            portion, weight = [], 0
    if portion:
        yield portion


def _processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Crew:
    """Processes that carry out portions of jobs, each asked by a thread of its own.

    As a context manager it ends them, at once where an error comes.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.size = min(MOST_PROCESSES, _processors())
        self._idle: SimpleQueue[_Member] = SimpleQueue()
        self._members: list[_Member] = []
        self._threads = ThreadPoolExecutor(self.size)

    def start(self) -> bool:
        """Start the processes, if that was not done; False where they would be of no use."""
        if self._members:
            return True
        if self.size < 2 or not sys.executable or hasattr(sys, "frozen"):
            return False
        try:
            for _ in range(self.size):
                member = _Member(self.settings)
                self._members.append(member)
                self._idle.put(member)
        except OSError as error:
            raise SourceError(f"No process could be started to read with: {error}.") from error
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            for member in self._members:
                member.kill()
        self._threads.shutdown(cancel_futures=True)
        for member in self._members:
            member.close()

    def submit(self, jobs: list[Job]) -> Future[list[Outcome]]:
        """The outcomes of a portion, some time."""
        return self._threads.submit(self._ask, jobs)

    def _ask(self, jobs: list[Job]) -> list[Outcome]:
        member = self._idle.get()
        try:
            return member.ask(jobs)
        finally:
            self._idle.put(member)


class _Member:
    """One process, and the pipes to it."""

    def __init__(self, settings: Settings) -> None:
        # It looks for modules where we do, and imports no program that called us. Python passes
        # over what is no text there, a Path too.
        places = [place for place in sys.path if isinstance(place, str)]
        start = (
            "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
            "from balletsearch.crew import serve; serve()"
        )
        # Ctrl-C is for us: we end the others.
        own_group: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            own_group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        self._process = subprocess.Popen(  # noqa: S603 - this very Python
            [sys.executable, "-c", start, json.dumps(places)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            **own_group,
        )
        # It makes ready for what it will be asked; who is gone by then is found out on asking.
        with suppress(OSError):
            _send(self._process.stdin, settings)

    def ask(self, jobs: list[Job]) -> list[Outcome]:
        """The outcomes of a portion; waits for them."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None  # noqa: S101 - as asked for above
        assert stdout is not None  # noqa: S101
        try:
            _send(stdin, [_packed_job(job) for job in jobs])
            kind, answer = pickle.load(stdout)  # noqa: S301 - written by `serve`
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
            raise SourceError(
                "A process that was reading stories ended before its time "
                f"({_ending(self._process)}). What was indexed until then is kept: sync again "
                "to go on."
            ) from error
        if kind != "":
            raise getattr(errors, kind)(answer)
        return [_unpacked(packed) for packed in answer]

    def kill(self) -> None:
        """End the process at once; whoever waits for its answer is told."""
        self._process.kill()

    def close(self) -> None:
        """Let the process end, which nobody asks for anything any more."""
        for pipe in (self._process.stdin, self._process.stdout):
            # What was still to be sent has nobody to read it.
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]  # both were asked for
        self._process.wait()


def _ending(process: subprocess.Popen[bytes]) -> str:
    try:
        code = process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return "it does not answer"
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def serve() -> None:
    """What such a process does: answer portions from standard input until it ends."""
    import gc

    asked = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever else is printed must not get between the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # Hardly anything here makes rings of references: looking for them all the time would take a
    # fifth of it.
    gc.disable()
    describer: Describer | None = None
    fallback = ""
    for count in itertools.count():
        if count % _SWEPT == 0:
            gc.collect()
        try:
            told = pickle.load(asked)  # noqa: S301 - written by `_Member`
        except EOFError:
            # All was answered. Taking down what is in memory, bit by bit, would keep who waits.
            os._exit(0)
        if describer is None:
            describer, fallback = Describer(told), told.encoding
            with suppress(BalletsearchError):  # it comes again with the first story
                describer.prepare()
            continue
        jobs = [_unpacked_job(packed) for packed in told]
        answer: tuple[str, Any]
        try:
            answer = "", [_packed(o) for o in perform(describer, fallback, jobs)]
        except BalletsearchError as error:
            answer = type(error).__name__, str(error)
        _send(answers, answer)


def _send(pipe: Any, what: object) -> None:
    pickle.dump(what, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


# Frozen values take several times as long to pickle as tuples of their parts.

Packed = tuple[Any, ...]


def _packed_item(item: Draft | Skip | None) -> Packed | Skip | None:
    if not isinstance(item, Draft):
        return item
    how = item.reading
    said = (item.record, item.line, dict(item.header), item.body, item.digest, item.problem)
    return (*said, how.encoding, how.reason, how.repairs, how.doubtful)


def _unpacked_item(packed: Packed | Skip | None) -> Any:
    if not isinstance(packed, tuple):
        return packed
    record, line, header, body, digest, problem, *how = packed
    return Draft(record, line, header, body, digest, _reading(*how), problem)


_reading: Final = lru_cache(maxsize=64)(Reading)
"""Most stories were read alike."""


def _packed_job(job: Job) -> Packed:
    return tuple(job if job.item is None else job._replace(item=None)), _packed_item(job.item)


def _unpacked_job(packed: Packed) -> Job:
    job, item = packed
    return Job(*job) if item is None else Job(*job)._replace(item=_unpacked_item(item))


def _packed(outcome: Outcome) -> Packed:
    item, described = outcome
    return _packed_item(item), None if described is None else tuple(described)


def _unpacked(packed: Packed) -> Outcome:
    item, described = packed
    return Outcome(_unpacked_item(item), described and Described(*described))
