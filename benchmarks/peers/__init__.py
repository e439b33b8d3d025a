"""Who is measured beside our engine, and how is each asked the same? One module per peer.

Everything here serves `benchmarks/engines.py`. A peer is used through its plain interface, set
up so that all find the same: no stop words, English stems, positions, title and text searched
together, the ten titles of a page read from the index.
"""

from __future__ import annotations

from peers.base import PagePeer, Peer

__all__ = ["PAGE_PEERS", "PEERS", "page_peer", "peer"]

PEERS = ("columns", "tantivy", "fts5", "whoosh")
"""Names of the peers, in the order of the table."""

PAGE_PEERS = ("columns", "tantivy", "whoosh")
"""Those whose full pages are measured."""


def peer(name: str) -> Peer:
    """The peer called `name`; its package is imported only now."""
    if name == "fts5":
        from peers.fts5 import Fts5

        return Fts5()
    return page_peer(name)


def page_peer(name: str) -> PagePeer:
    """The same, for those that can make pages."""
    if name == "columns":
        from peers.columns import Columns

        return Columns()
    if name == "tantivy":
        from peers.tantivy import Tantivy

        return Tantivy()
    from peers.whoosh import Whoosh

    return Whoosh()
