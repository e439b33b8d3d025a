"""Does the facade give what its methods promise?"""

from __future__ import annotations

import hashlib
import threading
import unicodedata

import pytest

from balletsearch import Kind, Library, QueryError, SettingsError, Story, StoryError
from balletsearch.engines.validation import MAX_TEXT
from balletsearch.fields import MAX_CUSTOM_FIELDS
from balletsearch.query.nodes import And, Near, Not, Or, Query, Word


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "index") as opened:
        yield opened


@pytest.fixture(scope="module")
def stories(tmp_path_factory, seeds):
    """A library of the five stories; not to be changed."""
    with Library.open(tmp_path_factory.mktemp("seeds") / "index") as opened:
        opened.sync(seeds)
        yield opened


def dancers(library: Library, query: str, **options: object) -> set[str]:
    return {str(h.fields["dancer"][0]) for h in library.search(query, limit=None, **options)}


KALMURZAEVS = {"Audrey Kalmurzaev", "Klára Kalmurzaev", "Noah Kalmurzaeva"}

ASKED = [
    ('"swan lake" dancer:kalmurzaev', {"Audrey Kalmurzaev"}, "a phrase and a field"),
    ("dancer:kalmurzaev", KALMURZAEVS, "a surname finds both genders"),
    ("dancer:kalmurzaeva", KALMURZAEVS, "from the other side too"),
    ('dancer:"kalmurzaeva"', {"Noah Kalmurzaeva"}, "in quotes it is exact"),
    ('"Klara Kalmurzaev"', {"Klára Kalmurzaev"}, "accents aside"),
    ("viktoria~", {"Wiktoria Kovalova", "Victoria Bektemirova"}, "fuzzy, first letter included"),
    ("victoria~", {"Wiktoria Kovalova", "Victoria Bektemirova"}, "and the reverse"),
    ('"moscow\'s"', {"Wiktoria Kovalova"}, "a word with an apostrophe only itself"),
    ('"pièce de résistance"', {"Noah Kalmurzaeva"}, "a phrase with accents"),
    ('"piece de resistance"', {"Noah Kalmurzaeva"}, "and without"),
    ("sun-kissed", {"Noah Kalmurzaeva"}, "a hyphen is a phrase"),
    ('"worth it the sacrifices"', {"Audrey Kalmurzaev"}, "across a dash that was broken text"),
    ("Odette/Odile -audrey", {"Wiktoria Kovalova"}, "a slash is a phrase, a minus excludes"),
    ("words:[300 TO 345]", {"Victoria Bektemirova", "Noah Kalmurzaeva"}, "a range"),
    ("path:004*", set(), "a path begins with its folder"),
    ("path:004", {"Noah Kalmurzaeva"}, "and contains its file"),
    ("place:russia -place:moscow", set(), "a place holds what lies above it"),
    (
        "role:(odette OR giselle)",
        {"Wiktoria Kovalova", "Audrey Kalmurzaev"},
        "a field over brackets",
    ),
]


@pytest.mark.parametrize(("query", "expected", "why"), ASKED, ids=[why for *_, why in ASKED])
def test_the_five_stories_answer(stories, query, expected, why):
    assert dancers(stories, query) == expected


def test_moscow_in_quotes_finds_the_possessive(stories):
    assert "Wiktoria Kovalova" in dancers(stories, 'body:"moscow"')


def test_seeds_are_left_as_they_are(seeds, tmp_path):
    def hashes() -> dict[str, str]:
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in seeds.iterdir()}

    before = hashes()
    assert len(before) == 5
    with Library.open(tmp_path / "index") as library:
        library.sync(seeds)
    assert hashes() == before
    assert "â€“" in (seeds / "002_3644c97cb6daeaa2.txt").read_text("utf-8")


def test_every_word_of_a_famous_line_counts(library):
    library.add(
        Story("hamlet", "To be, or not to be: that is the question."),
        Story("other", "It is not to be, or so they say, to be sure."),
    )
    assert [h.key for h in library.search('"to be or not to be"')] == ["hamlet"]


@pytest.mark.parametrize("asked", ["plie", "plié", "pliés", "PLIÉS"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("written", ["plie", "plié", "pliés"])
def test_accents_and_number_do_not_matter_in_either_direction(library, asked, form, written):
    library.add(Story("x", unicodedata.normalize(form, f"A slow {written} at the barre.")))
    assert library.search(unicodedata.normalize(form, asked)).total == 1


def test_facets_count_all_matches_and_a_selection_keeps_its_own_counts(stories):
    free = stories.search("*", facets=["work", "place"], limit=1)
    assert free.total == 5
    assert str(free.facets["work"]) == (
        "Swan Lake 2, Dance of the Seven Veils 1, La Sylphide 1, The Sleeping Beauty 1"
    )
    assert free.facets["work"].missing == 2
    chosen = stories.search("*", facets=["work", "dancer"], where={"works": ["swan lake"]})
    assert chosen.total == 2
    assert chosen.facets["work"] == free.facets["work"]
    assert {v.value for v in chosen.facets["dancer"].values} == {
        "Wiktoria Kovalova",
        "Audrey Kalmurzaev",
    }


def test_several_values_of_a_field_are_alternatives_and_fields_add_up(stories):
    works = ["Swan Lake", "dance of the seven veils"]
    assert stories.search(where={"work": works}).total == 3
    assert stories.search(where={"work": works, "company": "bolshoi ballet"}).total == 1
    assert stories.search(where={"place": "Moscow"}).total == 4
    assert stories.search(where={"place": "europe/russia"}).total == 4


def test_sorting_and_paging(stories):
    words = [h.fields["words"][0] for h in stories.search(sort=["-words"])]
    assert words == sorted(words, reverse=True)
    pages = [h.key for at in (0, 2, 4) for h in stories.search("moscow", offset=at, limit=2)]
    assert pages == [h.key for h in stories.search("moscow", limit=None)]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"facets": ["nonsense"]}, "nonsense"),
        ({"facets": ["body"]}, "running text"),
        ({"where": {"nonsense": "x"}}, "nonsense"),
        ({"sort": ["body"]}, "sorted"),
        ({"limit": -1}, "negative"),
        ({"limit": 1.5}, "whole number"),
        ({"offset": -1}, "negative"),
        ({"query": "words:[a TO b]"}, "words"),
        ({"query": "dancer:~"}, "no word"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(stories, options, says):
    with pytest.raises(QueryError, match=says) as error:
        stories.search(**options)
    assert not str(error.value).endswith("..")


def test_one_value_may_be_given_bare(stories):
    assert stories.search("*", facets="work").facets.keys() == {"work"}
    assert stories.search("*", sort="-words").hits[0].fields["words"] == (430,)
    assert stories.search("*", where={"words": 430}).total == 1


def test_a_query_is_parsed_once_and_asked_again(library):
    library.add(Story("a", "A swan.", {"Opening Night": "1910-05-01"}))
    query = library.parse("opening_night:[1910 TO 1911] swan")
    assert library.search(query).total == 1
    with pytest.raises(QueryError, match="not a Query"):
        library.search(query, strict=True)
    assert library.search(where={"Opening Night": "1910-05-01"}).total == 1
    assert library.fields()["opening_night"].kind is Kind.DATE


def test_truth_is_about_what_was_found(stories):
    assert stories.search("moscow", limit=0)
    assert not stories.search("zebra")
    assert stories


def test_roots_are_told(stories, seeds):
    (root,) = stories.roots()
    assert (root, stories.roots()[root]) == (str(seeds), 5)


def test_a_list_in_place_of_stories_is_refused(library):
    with pytest.raises(StoryError, match="one by one"):
        library.add([Story("a", "Text.")])  # type: ignore[arg-type]


def test_leaving_the_folder_changes_neither_index_nor_keys(tmp_path, monkeypatch, collection):
    folder = collection(**{"a.txt": "A swan."})
    monkeypatch.chdir(tmp_path)
    with Library.open("index") as library:
        library.sync("stories")
        monkeypatch.chdir(folder)
        assert [h.key for h in library.search("swan")] == ["stories/a.txt"]


def test_strict_plain_and_any_word(stories):
    with pytest.raises(QueryError):
        stories.search("dancr:swan", strict=True)
    assert stories.search('"swan ((', plain=True).total == 2
    assert stories.search("swan tutu").total == 0
    assert stories.search("swan tutu", any_word=True).total == 3


def test_fields_of_headers_become_fields_of_the_collection(library):
    library.add(
        Story(
            "a", "Text.", {"Year": "1910", "Opening Night": "1910-05-01", "mood": ["dark", "sad"]}
        ),
        Story("b", "Text.", {"Year": "1877", "Opening Night": "1877-03-04", "mood": "dark"}),
    )
    assert [h.key for h in library.search("year:[1900 TO 2000]")] == ["a"]
    assert [h.key for h in library.search("opening_night:1877..1890")] == ["b"]
    assert str(library.search(facets=["mood"]).facets["mood"]) == "dark 2, sad 1"
    assert [h.key for h in library.search(sort=["year"])] == ["b", "a"]
    assert [h.key for h in library.search("mood:sad")] == ["a"]


def test_a_header_wins_over_a_guess_but_not_over_facts(library):
    (remark,) = library.add(
        Story("a", "Wiktoria Kovalova danced in Moscow.", {"dancer": "Anna Pavlova", "words": "9"})
    )
    assert "words" in remark
    fields = library.get("a").fields
    assert fields["dancer"] == ("Anna Pavlova",)
    assert fields["words"] == (5,)


def test_more_fields_than_a_collection_may_have_are_stored_and_reported(library):
    many = {f"field{n:03}": "x" for n in range(MAX_CUSTOM_FIELDS + 3)}
    remarks = library.add(Story("a", "Text.", many))
    assert len(remarks) == 3
    story = library.get("a")
    assert len(story.header) == MAX_CUSTOM_FIELDS + 3
    assert len([name for name in story.fields if name.startswith("field")]) == MAX_CUSTOM_FIELDS
    assert library.add(Story("b", "Text.", {"one_more": "x"}))


@pytest.mark.parametrize(
    "story",
    [
        Story("", "Text."),
        Story("a\x00b", "Text."),
        Story("a", "Lone \ud800 surrogate."),
        Story("a", "Text.", {"mood": object()}),  # type: ignore[dict-item]
        Story("a", "Text.", {"mood": ["x", None]}),  # type: ignore[list-item]
        Story("a", b"bytes"),  # type: ignore[arg-type]
        Story(7, "Text."),  # type: ignore[arg-type]
    ],
)
def test_a_bad_story_is_refused_by_name_and_nothing_is_stored(library, story):
    with pytest.raises(StoryError):
        library.add(Story("good", "A good swan."), story)
    assert not library.exists
    library.add(Story("good", "A good swan."))
    assert library.search("swan").total == 1


def test_adding_a_key_again_replaces_and_removing_is_counted(library):
    library.add(Story("a", "A swan."), Story("b", "A lake."))
    library.add(Story("a", "A moon."))
    assert library.search("swan").total == 0
    assert library.remove("a", "nonsense") == 1
    assert [s.key for s in library.stories()] == ["b"]


def test_a_key_is_one_key_composed_or_not(library):
    library.add(Story(unicodedata.normalize("NFD", "été"), "A swan."))
    library.add(Story("été", "A lake."))
    assert [s.key for s in library.stories()] == ["été"]
    assert library.get(unicodedata.normalize("NFD", "été")).body == "A lake."
    assert library.remove(unicodedata.normalize("NFD", "été")) == 1
    with pytest.raises(StoryError, match="a text"):
        library.get([])  # type: ignore[arg-type]


def test_a_story_is_found_by_the_end_of_its_path(stories):
    (key,) = stories.find("004_82bd803467e94874.txt")
    assert stories.get(key).title == "Noah Kalmurzaeva"
    assert stories.find(key) == (key,)
    assert stories.find("nothing") == ()


def test_an_engine_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsError, match="'lucene'"):
        Library.open(tmp_path / "index", engine="lucene")


def test_the_users_own_names_are_found(tmp_path, collection):
    folder = collection(
        **{"a.txt": "She joined the Moonlight Players for Orchid Dreams in ballet."}
    )
    (tmp_path / "names.toml").write_text(
        '[work]\n"Orchid Dreams" = { roles = ["The Orchid"] }\n'
        '[company]\n"Moonlight Players" = {}\n',
        "utf-8",
    )
    (tmp_path / "balletsearch.toml").write_text('gazetteer = ["names.toml"]', "utf-8")
    with Library.open(tmp_path / "index") as library:
        library.sync(folder)
        (hit,) = library.search("work:orchid")
    assert hit.fields["work"] == ("Orchid Dreams",)
    assert hit.fields["company"] == ("Moonlight Players",)


def test_readers_in_threads_of_their_own_agree(tmp_path, seeds):
    with Library.open(tmp_path / "index") as library:
        library.sync(seeds)
    totals: list[int] = []

    def read() -> None:
        with Library.open(tmp_path / "index") as mine:
            totals.extend(mine.search("dancer:kalmurzaev").total for _ in range(20))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert totals == [3] * 80


def test_opening_without_a_path_follows_environment_and_settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Library.open().path == tmp_path / "index"
    monkeypatch.setenv("BALLETSEARCH_INDEX", "other")
    assert Library.open().path == tmp_path / "other"


@pytest.mark.parametrize(
    "options",
    [
        {"query": None},
        {"query": 3},
        {"query": None, "plain": True},
        {"where": {"mood": None}},
        {"where": {"mood": 3.5}},
        {"where": {"mood": ["a", None]}},
        {"where": {"mood": b"abc"}},
        {"where": {3: "a"}},
        {"where": ["mood"]},
        {"where": "mood"},
        {"facets": None},
        {"facets": 3},
        {"facets": [None]},
        {"sort": None},
        {"sort": [3]},
        {"sort": 3},
        {"offset": None},
        {"limit": "3"},
    ],
    ids=str,
)
def test_an_option_of_a_wrong_type_is_an_error_of_the_question(library, options):
    library.add(Story("a", "A swan.", {"mood": "sad"}))
    with pytest.raises(QueryError) as error:
        library.search(**options)
    assert str(error.value).endswith(".")


@pytest.mark.parametrize(
    "nested",
    [
        Not,
        lambda inner: And((Word("swan"), inner)),
        lambda inner: Or((inner, Word("swan"))),
        lambda inner: Near(inner, Word("a"), 3),
    ],
)
def test_a_tree_of_any_allowed_depth_is_answered_and_a_deeper_one_refused(library, nested):
    library.add(Story("a", "A swan."))
    tree = Word("swan")
    for _ in range(63):
        tree = nested(tree)
    assert library.search(Query("deep", tree)).total in (0, 1)
    for _ in range(3_000):
        tree = nested(tree)
    with pytest.raises(QueryError, match="nested more than 64 deep"):
        library.search(Query("deep", tree))


def test_a_text_that_no_file_could_hold_is_refused_before_it_is_read(library):
    with pytest.raises(StoryError, match=r"'long'.*characters, at most"):
        library.add(Story("a", "A swan."), Story("long", "a" * (MAX_TEXT + 1)))
    assert not library.exists
