"""Is a page, for which most documents are only bounded, the beginning of the whole answer?"""

from __future__ import annotations

import random

import pytest

from balletsearch.emphasis import emphasis
from balletsearch.engines.columns import ColumnsEngine
from balletsearch.engines.protocol import Reader, SearchRequest
from balletsearch.model import Story
from balletsearch.query import parse
from balletsearch.query.nodes import And, Node, Or, View, Word

WORDS = (
    *("the", "of", "who", "swan", "swans", "swan's", "dance", "dances", "danced", "dancing"),
    *("lake", "lakes", "moon", "night", "nights", "bear", "maid", "maids", "sea", "queen"),
)
QUERIES = (
    *("swan", "swans lake", "the swan", "the dance of the swans", "who danced"),
    *("lakes nights maids dancing", "swan swan moon", "title:swans title:lake", "night*  lakes"),
    *('"swan lake" dances', "(swan lake) OR (moon night)", "swans NOT moon", "the of"),
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory) -> Reader:
    """Stories of three commits, some of which were replaced or removed."""
    chance = random.Random(1909)
    weights = [1 / (i + 1) for i in range(len(WORDS))]
    chance.shuffle(weights)

    def text(most: int) -> str:
        return " ".join(chance.choices(WORDS, weights, k=chance.randint(1, most)))

    engine = ColumnsEngine(tmp_path_factory.mktemp("bonuses") / "index", ("en",), create=True)
    with engine.writer() as writer:
        for batch in range(3):
            for number in range(900):
                key = f"{number + batch * 700:05}"
                writer.add(Story(key, text(60), fields={"title": (text(4),)}))
            writer.remove(f"{batch:05}")
            writer.commit()
    return engine.reader()


def trees() -> list[Node]:
    """Queries as typed, all words and any of them."""
    typed = [parse(text, any_word=any_word).tree for text in QUERIES for any_word in (True, False)]
    swan, moon = Word("swan"), Word("moon")
    return [*typed, Or((And((swan, moon)), Word("lake"))), And((Or((swan, moon)), Word("the")))]


@pytest.mark.parametrize("limit", [1, 10, 40])
@pytest.mark.parametrize("tree", trees(), ids=str)
def test_a_page_is_the_beginning_of_the_whole(reader, tree, limit):
    stress = emphasis(tree, ["en"], neighbours=True)
    # Also one that no word of the tree bounds, and some that count for more than the tree does.
    strange = {Word("queen", view=View.EXACT): 5.0, Word("sea"): 0.5}
    for bonuses in (stress.bonuses, {leaf: 20 * n for leaf, n in stress.bonuses.items()} | strange):
        asked = {"factors": stress.factors, "bonuses": bonuses, "spans": False}
        whole = reader.search(SearchRequest(tree, limit=None, **asked))
        page = reader.search(SearchRequest(tree, limit=limit, **asked))
        assert page.total == whole.total
        expected = {m.story.key: m.score for m in whole.matches[:limit]}
        found = {m.story.key: m.score for m in page.matches}
        assert list(found) == list(expected)
        assert found == pytest.approx(expected, rel=1e-12)
