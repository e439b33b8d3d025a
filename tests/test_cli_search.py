"""Do search, facets, show and stats print what was found, for people and for programs?"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from balletsearch.fields import FIELDS
from cli_support import AUDREY, WIKTORIA


def test_a_search_shows_title_metadata_key_and_passage(ask):
    found = ask("search", '"swan lake" dancer:kalmurzaev')
    assert found.code == 0
    heading, about, key, passage = found.out.splitlines()
    assert heading == "1. Audrey Kalmurzaev"
    assert "place: Europe/Russia/Moscow" in about
    assert key.strip() == AUDREY
    assert "[Swan Lake]" in passage
    assert found.err == "1 story\n"


def test_several_words_are_one_query(ask):
    assert ask("search", "swan", "lake").out == ask("search", "swan lake").out


def test_nothing_found_is_exit_code_1_and_an_empty_output(ask):
    found = ask("search", "juggler")
    assert (found.code, found.out, found.err) == (1, "", "No story found.\n")


def test_words_that_are_not_in_one_story_bring_up_any(ask):
    assert "--any" in ask("search", "swan", "juggler").err
    found = ask("search", "--any", "swan", "juggler")
    assert (found.code, found.err) == (0, "2 stories\n")


def test_pages_are_numbered_on_and_the_total_is_never_the_limit(ask):
    first = ask("search", "*", "-n", "2")
    second = ask("search", "*", "-n", "2", "--offset", "2")
    both = ask("search", "*", "-n", "4")
    assert first.err == "2 of 5 stories\n"
    assert second.err == "3 to 4 of 5 stories\n"
    assert first.out + "\n" + second.out == both.out
    assert ask("search", "*", "--offset", "9").err == "5 stories, none after number 9\n"


def test_a_limit_of_0_shows_the_facets_alone(ask):
    found = ask("search", "*", "-n", "0", "--facet", "work")
    assert found.out.startswith("work: Swan Lake 2, ")
    assert "(none) 2" in found.out
    assert found.err == "5 stories\n"


def test_all_shows_all(ask):
    assert len(re.findall(r"^\d+\. ", ask("search", "*", "--all").out, re.MULTILINE)) == 5


def test_several_values_of_one_field_are_alternatives(ask):
    narrow = ["--where", "work=la sylphide"]
    assert ask("search", *narrow).err == "1 story\n"
    wider = [*narrow, "--where", "ballet=Dance of the Seven Veils"]
    assert ask("search", *wider).err == "2 stories\n"


def test_sorting_by_a_field_puts_the_largest_first_with_a_minus(ask):
    def order(by: str) -> list[int]:
        lines = ask("search", "*", "--sort", by, "--jsonl", "--fields", "words").out.splitlines()
        return [json.loads(line)["fields"]["words"][0] for line in lines]

    assert order("words") == sorted(order("words"))
    assert order("-words") == sorted(order("words"), reverse=True)


def test_chosen_fields_are_shown(ask):
    about = ask("search", "sylphide", "--fields", "ballet,words").out.splitlines()[1]
    assert about.strip() == "work: Swan Lake, The Sleeping Beauty, La Sylphide; words: 430"


def test_bare_fields_lists_the_fields(ask):
    listed = ask("search", "--fields")
    assert listed.code == 0
    assert [line.split("\t")[0] for line in listed.out.splitlines()] == list(FIELDS)


def test_without_snippets_no_passage_is_shown(ask):
    assert "[" not in ask("search", "swan", "--no-snippets").out


def test_a_problem_in_a_query_is_shown_with_its_place(ask):
    found = ask("search", "dnacer:audrey (swan")
    assert "did you mean 'dancer'" in found.err
    assert "  dnacer:audrey (swan\n  ^~~~~~~" in found.err
    assert "\n                ^\n" in found.err
    strict = ask("search", "--strict", "dnacer:audrey (swan")
    assert (strict.code, strict.out) == (2, "")
    assert strict.err.startswith("balletsearch: ")
    assert "  ^~~~~~~" in strict.err


def test_plain_takes_signs_as_text(ask):
    found = ask("search", "--plain", 'swan (lake "')
    assert (found.code, found.err) == (0, "2 stories\n")


def test_pages_go_on_behind_what_was_seen(ask):
    whole = json.loads(ask("search", "ballet", "--sort", "words", "--json").out)
    keys = [hit["key"] for hit in whole["hits"]]
    assert (len(keys), whole["cursor"]) == (4, "")
    seen, cursor = [], ""
    while True:
        page = json.loads(
            ask("search", "ballet", "--sort", "words", "-n3", "--after", cursor, "--json").out
        )
        seen += [hit["key"] for hit in page["hits"]]
        assert page["total"] == 4
        cursor = page["cursor"]
        if not cursor:
            break
    assert seen == keys
    said = ask("search", "ballet", "--sort", "words", "-n3", "--after", "")
    first, second = said.err.splitlines()
    assert first == "3 of 4 stories"
    (written,) = shlex.split(second.removeprefix("The next page: --after "))
    rest = ask("search", "ballet", "--sort", "words", "--after", written)
    assert f"   {keys[3]}\n" in rest.out
    other = ask("search", "ballet", "--sort=-words", "--after", written)
    assert other.code == 2
    assert "another search" in other.err


def test_groups_show_the_first_story_of_each_value(ask):
    found = ask("search", "*", "--group", "place", "--sort", "words", "--no-snippets")
    assert found.err == "4 groups in 5 stories\n"
    assert "Europe/Russia/Moscow: 4 stories" in found.out
    document = json.loads(ask("search", "*", "--group", "place", "-n1", "--json").out)
    assert document["groups"] == 4
    few = ask("search", "*", "--group", "place", "-n1")
    assert few.err == "1 of 4 groups in 5 stories\n"


def test_facets_are_narrowed_as_asked(ask):
    assert ask("facets", "place", "--below", "Europe", "--level", "1").out == "Europe/Russia\t4\n"
    assert ask("facets", "words", "--bounds", "400,450").out.splitlines() == [
        *("..399\t2", "400..449\t3", "450..\t0"),
    ]
    some = ask("facets", "term", "--sort", "value", "-n", "1")
    assert len(some.out.splitlines()) == 1
    assert re.search(r"^1 of \d+ values of term$", some.err, re.MULTILINE)
    found = ask("facets", "dancer", "--find", "kalm", "--json")
    values = [v["value"] for v in json.loads(found.out)["facets"]["dancer"]["values"]]
    assert values
    assert all("Kalmurzaev" in value for value in values)


def test_a_range_is_selected_as_it_is_shown(ask):
    rows = [row.split("\t") for row in ask("facets", "words", "--bounds", "400").out.splitlines()]
    for value, count in rows:
        found = json.loads(ask("search", "*", "--where", f"words={value}", "--json").out)
        assert found["total"] == int(count)


def test_a_snippet_is_as_long_as_asked(ask):
    found = ask("search", "ballet", "--snippet-length", "80", "--passages", "2", "--json")
    for hit in json.loads(found.out)["hits"]:
        assert len(hit["passages"]) <= 2
        assert all(len(passage["text"]) <= 40 for passage in hit["passages"])


# JSON.


def test_json_is_one_document_with_everything(ask):
    found = ask("search", "moscow", "--json", "--facet", "work", "-n", "1", "--fields", "dancer")
    document = json.loads(found.out)
    assert found.err == ""
    assert list(document) == [
        *("query", "total", "hits", "facets", "problems", "notes", "suggestion", "groups"),
        "cursor",
    ]
    (hit,) = document["hits"]
    assert (document["query"], document["total"]) == ("moscow", 4)
    assert hit["key"] == hit["path"] == AUDREY
    assert hit["fields"] == {"dancer": ["Audrey Kalmurzaev"]}
    assert {"value": "Swan Lake", "count": 2} in document["facets"]["work"]["values"]
    for passage in hit["passages"]:
        assert {passage["text"][start:end] for start, end in passage["marks"]} == {"Moscow"}


def test_problems_of_a_query_are_in_the_document(ask):
    (problem,) = json.loads(ask("search", "(swan", "--json").out)["problems"]
    assert (problem["start"], problem["end"]) == (0, 1)


def test_json_and_text_list_the_same_stories(ask):
    text = ask("search", "stage OR moscow")
    keys = [line.strip() for line in text.out.splitlines() if line.strip().endswith(".txt")]
    as_lines = ask("search", "stage OR moscow", "--jsonl").out.splitlines()
    as_one = json.loads(ask("search", "stage OR moscow", "--json").out)["hits"]
    assert [json.loads(line) for line in as_lines] == as_one
    assert [hit["key"] for hit in as_one] == keys


def test_letters_are_written_as_they_are_in_json(ask):
    assert "Klára" in ask("search", "klara", "--jsonl").out


def test_nothing_found_is_a_document_too(ask):
    found = ask("search", "juggler", "--json")
    assert found.code == 1
    assert json.loads(found.out)["hits"] == []


# Facets, show, stats.


def test_facets_are_lines_of_value_and_count(ask):
    found = ask("facets", "work", "--query", "swan")
    assert found.out.splitlines()[0] == "Swan Lake\t2"
    both = ask("facets", "work", "role")
    assert "work\tSwan Lake\t2" in both.out.splitlines()
    assert "stories without role" in both.err
    assert len(ask("facets", "term", "-n", "3").out.splitlines()) == 3


def test_a_selection_leaves_the_counts_of_its_own_field(ask):
    chosen = ask("facets", "work", "--where", "work=La Sylphide")
    assert chosen.out == ask("facets", "work").out


def test_facets_as_json_count_the_stories_without_a_value(ask):
    document = json.loads(ask("facets", "work", "--json").out)
    assert document["total"] == 5
    assert document["facets"]["work"]["missing"] == 2


def test_facets_without_any_value_are_exit_code_1(ask):
    assert ask("facets", "author").code == 1


@pytest.mark.parametrize("name", [AUDREY, "002_3644c97cb6daeaa2.txt"])
def test_a_story_is_found_by_the_end_of_its_key(ask, name):
    shown = ask("show", name)
    assert shown.code == 0
    assert shown.out.startswith(f"Audrey Kalmurzaev\nkey: {AUDREY}\n")
    assert "Moscow Ballet Academy" in shown.out.split("\n\n", 1)[1]


def test_one_field_of_a_story_is_a_line_a_value(ask):
    assert ask("show", AUDREY, "--field", "works").out.splitlines() == [
        "Swan Lake",
        "The Sleeping Beauty",
        "La Sylphide",
    ]
    missing = ask("show", AUDREY, "--field", "author")
    assert (missing.code, missing.out) == (1, "")
    assert "no author" in missing.err


def test_the_body_of_a_story_is_a_field(ask, seeds):
    body = ask("show", WIKTORIA, "--field", "body").out
    assert body.split() == (seeds / Path(WIKTORIA).name).read_text("utf-8").split()


def test_a_story_as_json_has_text_header_and_fields(ask):
    story = json.loads(ask("show", AUDREY, "--json").out)
    assert list(story) == ["key", "path", "header", "fields", "text"]


def test_a_story_that_is_not_there_is_exit_code_1(ask):
    shown = ask("show", "nobody.txt")
    assert (shown.code, shown.out) == (1, "")
    assert "nobody.txt" in shown.err


def test_a_name_of_two_stories_lists_both(copied):
    Path("more").mkdir()
    shutil.copy(AUDREY, "more")
    copied("index", "more")
    shown = copied("show", Path(AUDREY).name)
    assert (shown.code, shown.out) == (2, "")
    assert AUDREY in shown.err
    assert f"more/{Path(AUDREY).name}" in shown.err


def test_stats_say_what_the_index_holds(ask):
    assert "stories: 5\n" in ask("stats").out
    assert "from seeds: 5 stories\n" in ask("stats").out
    held = json.loads(ask("stats", "--json").out)
    assert (held["stories"], held["roots"]) == (5, {"seeds": 5})


def test_an_explanation_shows_the_query_its_words_and_the_shares_of_scores(ask):
    told = ask("search", "odette^2 danc*", "--explain", "--no-snippets").out
    assert "read as: odette^2 AND danc*" in told
    assert re.search(r"^danc\*: .*danc\w+ \d+", told, re.MULTILINE)
    heading = re.search(r"^1\. .*: (\d+\.\d+)$", told, re.MULTILINE)
    shares = [
        float(line.split()[0])
        for line in told.split(heading[0])[1].split("\n\n")[0].splitlines()[1:]
    ]
    assert sum(shares) == pytest.approx(float(heading[1]), abs=5e-4)


def test_an_explanation_is_part_of_the_document(ask):
    told = json.loads(ask("search", "odette dancr:x", "--any", "--explain", "--json").out)
    explanation = told["explanation"]
    assert explanation["tree"] == "odette OR x"
    assert explanation["words"][0]["asked"] == "odette"
    assert [p["message"] for p in explanation["problems"]]
    for hit in told["hits"]:
        shares = explanation["stories"][hit["key"]]
        assert sum(s["score"] for s in shares) == pytest.approx(hit["score"])
    assert ask("search", "x", "--explain", "--jsonl").code == 2
