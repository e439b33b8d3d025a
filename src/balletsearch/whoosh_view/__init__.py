"""How does a program that knows Whoosh use a collection?

`open_whoosh` gives it a Whoosh index over the index that is there; `export_whoosh` writes files
that any Whoosh opens. Whoosh is imported when one of the two is called.
"""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from balletsearch.library import Library
    from balletsearch.settings import Settings

__all__ = ["export_whoosh", "open_whoosh"]


def open_whoosh(
    path: str | os.PathLike[str] | None = None,
    *,
    settings: Settings | None = None,
    schema: Any = None,
) -> Any:
    """The index in a folder as a `whoosh.index.Index`: parse, search, sort, group, highlight.

    `path` and `settings` are as in :meth:`balletsearch.Library.open`; the index must exist
    (IndexMissingError) and be of the engine `columns` (UnsupportedError). Its fields are in
    `index.schema`: `text` and `title` by stems, `text_exact` by words, `text_typed` as typed,
    each metadata field by words and, as `<field>_value`, whole; `key`, `title`, `text` and
    metadata are stored. A `schema` of Whoosh is checked against these: UnsupportedError names a
    field or a type of field that is not so. Its writer holds the lock of the index and feeds the
    same builder as :meth:`balletsearch.Library.add`. Where the newest state of the index cannot be
    read and the one before answers, `balletsearch.errors.OlderStateWarning` is given by
    `warnings.warn`, as often as another state is opened; a writer is refused (IndexFaultError).
    """
    with warnings.catch_warnings():
        # Whoosh 2.7.4 has invalid escapes that newer Pythons warn of when they compile it.
        warnings.simplefilter("ignore")
        from balletsearch.whoosh_view.opening import opened

    return opened(path, settings, schema)


def export_whoosh(library: Library, folder: str | os.PathLike[str]) -> int:
    """Write all stories of a library as a stock Whoosh index; how many there were.

    The folder is made; SourceError if it holds anything. Any Whoosh from 2.7.4 on opens it with
    `whoosh.index.open_dir`, without balletsearch: `key`, `title` and `text` (stemmed by Whoosh),
    metadata as KEYWORD (whole values, in any case), NUMERIC and DATETIME, all stored.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from balletsearch.whoosh_view.exporting import export

    return export(library, folder)
