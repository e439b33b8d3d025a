"""How is a collection written down in files? The grammar.

A folder
========

    generation-<n>.json     one for each generation that is kept, the newest two
    segment-<hex>.npz       documents; written once, never changed
    deleted-<hex>.npz       which documents of one segment are deleted, as one generation sees it

<hex> are 16 random hexadecimal digits, so no name comes twice and a file that exists is never
opened for writing. Everything is little-endian. Nothing is executed on opening: there are
arrays, and JSON.

A generation
============

A JSON object. `format` is FORMAT; `number` counts commits; `schema` is a hash of what arrays take
from the table of fields, and an index with another one is refused. `segments` names the files,
each with its length, where its contents lie and their CRC-32, how many documents, words and
positions it has, how many documents are deleted and the weight of those left, and its file of
deletions.
`checksum` is the CRC-32 of the object without it, keys sorted, no spaces.

A commit writes, in this order: segments and deletions, each on the disk; the folder; the
generation under another name; the rename; the folder again. Then it removes what neither this
generation nor the one before names. Whatever stops it, one of the two is whole.

A container
===========

Segments and deletions are ZIP files of uncompressed `.npy` arrays of one dimension, the data of
each aligned to 64 bytes, so that they can be mapped and used in place; `unzip -t` verifies them
and `numpy.load` opens them. The last member, `contents.json`, is what our own reader begins
with: the name of the file, attributes, and of each array its type, length, place and first
checksum. The array `checksums` holds a CRC-32 for each 64 KiB of each array. A block is compared
with its checksum before it is used for the first time; the checksums are compared with theirs on
opening, the contents with what the generation says, the length of the file too.

A segment
=========

Let there be D documents, a stream of T positions (T below 2³¹), V values with words in them.

*The stream.* All words of a segment stand in one stream, zone behind zone: all titles, all
bodies, then the other zones by name; in a zone document behind document, in a document value
behind value. A position without a word, the *gap*, stands before the first value, between any
two, and at the end; so words that stand side by side in the stream do so in one value.

    stream                  u16[T]   the word at each position as typed, by its number; 0 is a gap
    stream.far, .far.surface u32     where the number is 65,535 or more (65,535 stands in the
                                     stream there), and what it is
    values                  u32[V+1] where each value begins; last the end of the stream
    values.doc              i32[V]   its document

    The attribute `zones` names the zones in order: what a word counts (`units`), whether values
    are names of people, and which values are theirs.

*The lexicon.* A *surface* is a word as typed; an *entry* is a form in a language; an *exact* is a
folded form. Surfaces are numbered from 1 by how often they come; entries from 0 by exact, form
and language; exacts and stems by code points. Tables of texts are `<name>.at` (where each
begins) and `<name>.text` (UTF-8), and `<name>.slots` (u32) where texts are looked up: three
numbers of 64 bits drawn by lot (what a hash begins with, and two odd factors), then a power of two
of slots, each 0 or the number of a text, counted from 1. A text is looked for from the slot that
the lowest bits of its hash say, round the table until a slot is 0. The hash is of 64 bits. It
takes in eight bytes at a time, little-endian, the last ones filled up with zeros, and once where
there are none: h ^= them, h *= first factor, h ^= h >> 32, h *= second, h ^= h >> 29. Of a text of
more than 256 bytes these are the first 256, and by ^ comes BLAKE2b of all of it: 8 bytes,
little-endian, the two factors, likewise, being its key. A hash of 0 is 1.

    surfaces, exacts, stems, surnames   tables
    forms, forms.entry      a table of the forms that are not their exact, and of which entries
    surfaces.entry, entries.stem, entries.language, exacts.entries (the first entry of each)
    entries.surfaces, stems.entries            groups: `.at` says where each begins
    exacts.df               u32      documents with the form or its possessive in *’s*
    exacts.letters, .size   u64, u8  which letters it has and how many, for fuzzy words
    exacts.possessive, .possessor    which exacts are possessives, and of which others

*Positions* of each entry, ascending: see `positions.py`. *Postings* of each stem:

    docs.at                 u32      where the postings of each stem begin
    docs                    u16|u32  documents, ascending for each stem
    tf                      u8       the units that its words in all zones of the document count
    tf.far, .far.units               which are 255 or more (255 stands there), and what they are

There are no scores in the index: N, df and average length are those of the live documents of a
whole generation, so that no addition, deletion or merge changes a score.

    surnames.positions, .at u32      where values of name zones end with a name of that key
    lengths                 u32[D]   Σ units · words of each document
    sentences, .byte, .at   u32      of each sentence of a body its first position and its first
                                     byte in the text; where those of each document begin
    paragraphs              u32      the sentences that begin one
    keys, keys.order                 the key of each document (a table with slots); documents by key
    has_body                u8[D]
    field.<i>.…                      see `engines/columns/facets.py`; the attribute `fields` has
                                     their names
    text, meta, said                 stores of compressed blocks: the body, the metadata, and what
                                     the header and the reading of the file said: see `stored.py`
"""

from __future__ import annotations

from typing import Final

__all__ = ["FORMAT"]

FORMAT: Final = 4
"""The version of this grammar."""
