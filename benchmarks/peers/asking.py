"""How long does each peer take to answer? The same queries to all, in turns.

A round asks every class of queries: all queries of a class to one peer, then to the next, the
peers in another order each round, so that what else the machine does hits all alike. Every
round has queries of its own. Each class is asked once of each peer before the clock starts.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from peers.documents import Query

__all__ = ["PATIENCE", "Times", "ask"]


@dataclass(slots=True)
class Times:
    """How long one peer took for one class: milliseconds per query, and what it found."""

    each: list[float] = field(default_factory=list)
    found: list[int] = field(default_factory=list)

    @property
    def mean_found(self) -> float:
        """How many documents a query finds."""
        return statistics.fmean(self.found)

    @property
    def median(self) -> float:
        """The median, ms."""
        return statistics.median(self.each)

    @property
    def p95(self) -> float:
        """The 95th percentile, ms."""
        return statistics.quantiles(self.each, n=20)[-1]


PATIENCE = 10.0
"""Seconds after which a peer is asked no more of a class in a round."""

Action = Callable[[Query], int]


def ask(
    actions: Mapping[str, Mapping[str, Action]], queries: Mapping[str, list[Query]], rounds: int
) -> dict[str, dict[str, Times]]:
    """Class → peer → times. `actions` says, per class and peer, what is measured."""
    out: dict[str, dict[str, Times]] = defaultdict(lambda: defaultdict(Times))
    for name, per_peer in actions.items():
        for action in per_peer.values():
            action(queries[name][-1])
    for turn in range(rounds):
        for name, per_peer in actions.items():
            order = sorted(per_peer)
            first = turn % len(order)
            chosen = queries[name][turn:-1:rounds]
            for peer in order[first:] + order[:first]:
                gc.collect()
                spent = 0.0
                for number, query in enumerate(chosen):
                    if spent > PATIENCE and number > 1:
                        break
                    start = time.perf_counter()
                    found = per_peer[peer](query)
                    taken = time.perf_counter() - start
                    spent += taken
                    out[name][peer].each.append(1_000 * taken)
                    out[name][peer].found.append(found)
    return out
