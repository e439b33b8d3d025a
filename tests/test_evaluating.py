"""Are measures those worked out by hand, and are files of judgements read or refused by name?"""

from __future__ import annotations

import builtins
import gzip
import itertools
import json
import tomllib
from pathlib import Path

import pytest

from balletsearch import JudgementError, Library, Setting, Story
from balletsearch.evaluating import MEASURES, evaluated, measured, significance
from balletsearch.judgements import known_keys, read_judgements, read_questions

CASES = tomllib.loads((Path(__file__).parent / "cases/evaluation.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_measures_are_those_worked_out_by_hand(case):
    values = measured({"q": case["judged"]}, {"q": case["found"]})["q"]
    assert values == pytest.approx({name: case[name] for name in MEASURES}, abs=1e-5)


def test_the_randomisation_test_looks_at_every_choice_of_signs():
    """Of few differences all signs are tried: so many are at least as far from 0 on either side."""
    differences = [0.1, 0.2, -0.05, 0.3, 0.0, 0.25]
    total = abs(sum(differences))
    signs = list(itertools.product((1, -1), repeat=len(differences)))
    far = [s for s in signs if abs(sum(map(float.__mul__, map(float, s), differences))) >= total]
    assert significance(differences)[1] == pytest.approx(len(far) / len(signs))


def test_the_t_test_is_students():
    # mean 2, standard deviation 1, so t = 2 √3 with two degrees of freedom, for which the
    # two-sided p is 1 - t / √(t² + 2).
    t = 2 * 3**0.5
    assert significance([1.0, 2.0, 3.0])[0] == pytest.approx(1 - t / (t * t + 2) ** 0.5)


@pytest.mark.parametrize("differences", [[], [0.5], [0.0, 0.0, 0.0]])
def test_where_nothing_can_differ_by_chance_nothing_is_significant(differences):
    assert significance(differences) == (1.0, 1.0)


# Files.


def written(folder: Path, text: str, name: str = "file") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            '{"id": "1", "text": "who danced?"}\n{"id": "2", "text": "a\\tb"}\n', id="json"
        ),
        pytest.param("1\twho danced?\r\n\n2\ta\tb\r\n", id="topics"),
        pytest.param("\ufeff1\twho danced?\n2\ta\tb", id="topics with a mark of order"),
    ],
)
def test_questions_are_read_in_both_formats_compressed_or_not(tmp_path, text):
    expected = {"1": "who danced?", "2": "a\tb"}
    path = written(tmp_path, text)
    assert read_questions(path) == expected
    path.write_bytes(gzip.compress(text.encode()))
    assert read_questions(path) == expected


@pytest.mark.parametrize(
    "header", ["query-id\tcorpus-id\tscore\n", "Query-ID\tCorpus-ID\tScore\r\n"]
)
def test_judgements_are_read_from_a_table(tmp_path, header):
    path = written(tmp_path, f"{header}1\ta b\t1\n1\tc\t0\n2\ta b\t-1\n")
    assert read_judgements(path) == {"1": {"a b": 1, "c": 0}, "2": {"a b": -1}}


def test_judgements_are_read_from_qrels_of_trec(tmp_path):
    path = written(tmp_path, "1 0 a 1\n1\t0\tc\t0\n\n2  Q0  a  2\n")
    assert read_judgements(path) == {"1": {"a": 1, "c": 0}, "2": {"a": 2}}


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        pytest.param(read_questions, "", "holds no question", id="no question"),
        pytest.param(read_questions, "who danced?\n", "line 1 is no question", id="no tab"),
        pytest.param(read_questions, "1\ta\n2\n", "line 2 is no question", id="no text"),
        pytest.param(read_questions, "1\ta\n1\tb\n", "line 2: there is a question '1'", id="twice"),
        pytest.param(read_questions, '{"id": "1"}\n', "line 1: a question is an object", id="half"),
        pytest.param(read_questions, '{"id": "1"\n', "line 1 is no JSON", id="broken"),
        pytest.param(read_questions, '{"id": 1, "text": "a"}', "line 1: a question", id="number"),
        pytest.param(read_judgements, "", "holds no judgement", id="no judgement"),
        pytest.param(
            read_judgements, "query-id\tcorpus-id\tscore\n", "holds no judgement", id="header alone"
        ),
        pytest.param(read_judgements, "1\ta\t1\n", "without the header", id="no header"),
        pytest.param(read_judgements, "1 0 a 1\n2 0 a\n", "line 2 is no judgement", id="short"),
        pytest.param(read_judgements, "1 0 a yes\n", "'yes' is no whole number", id="no number"),
        pytest.param(read_judgements, "1 0 a 0.5\n", "'0.5' is no whole number", id="half"),
    ],
)
def test_a_file_that_is_neither_is_refused_with_its_place(tmp_path, read, text, said):
    path = written(tmp_path, text)
    with pytest.raises(JudgementError) as error:
        read(path)
    assert said in str(error.value)
    assert str(path) in str(error.value)


def test_a_file_of_other_bytes_is_refused(tmp_path):
    path = tmp_path / "file"
    for raw in (b"\xff\xfe1\x00", gzip.compress(b"1\ta\n")[:-6]):
        path.write_bytes(raw)
        with pytest.raises(JudgementError, match="cannot be read"):
            read_questions(path)


# Documents.


def test_a_document_is_a_key_or_its_record():
    keys = ["tales.jsonl#1", "tales.jsonl.gz#2#b", "b", "a.txt"]
    known = known_keys({"q": {"1": 1, "b": 0, "a.txt": 2, "tales.jsonl#1": 1}}, keys)
    assert known.judgements == {"q": {"tales.jsonl#1": 1, "b": 0, "a.txt": 2}}
    assert known.missing == ()


def test_a_document_that_is_not_there_is_named_and_still_to_be_found():
    known = known_keys({"q": {"1": 1, "2": 1}}, ["tales.jsonl#1"])
    assert known == ({"q": {"tales.jsonl#1": 1, "2": 1}}, ("2",))


def test_a_record_of_several_stories_is_refused_by_name():
    with pytest.raises(JudgementError, match=r"'1' may be a\.jsonl#1 or b\.jsonl#1"):
        known_keys({"q": {"1": 1}}, ["a.jsonl#1", "b.jsonl#1"])


def test_two_names_of_one_document_keep_the_better_judgement():
    known = known_keys({"q": {"1": 2, "a#1": 0}}, ["a#1"])
    assert known.judgements == {"q": {"a#1": 2}}


def test_judgements_of_other_documents_are_refused():
    with pytest.raises(JudgementError, match="None of the 2 judged documents"):
        known_keys({"q": {"1": 1, "2": 1}}, ["a.txt"])


# Collections.


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "index") as opened:
        opened.add(
            Story("t#1", "The swan dances on the lake."),
            Story("t#2", "Lake and swan."),
            Story("t#3", "A bear dances."),
        )
        yield opened


def test_a_library_measures_its_order(library, tmp_path):
    questions = {"a": "dances: bear?", "b": "lake", "judged by nobody": "swan", "only no": "x"}
    judged = {"a": {"3": 1}, "b": {"t#1": 1, "9": 1}, "only no": {"2": 0}, "no text": {"2": 1}}
    found = library.evaluate(questions, judged)
    assert list(found.questions) == ["a", "b"]
    assert found.questions["a"] == dict.fromkeys(MEASURES, 1.0) | {"P@10": 0.1}
    # Of equal length, t#2 has lake the more often for its length, so that t#1 comes second;
    # 9 is never found.
    assert found.questions["b"]["MAP"] == pytest.approx(0.25)
    assert found.means["MAP"] == pytest.approx(0.625)
    assert (found.missing, found.unasked, found.against) == (("9",), ("no text",), {})


def test_settings_are_compared_by_question(library):
    questions = {"a": "swan lake", "b": "swan bear"}
    judged = {"a": {"2": 1}, "b": {"3": 1}}
    found = library.evaluate(questions, judged, against=Setting(any_word=False))
    recall = found.against["R@100"]
    # All words: "swan bear" finds nothing.
    assert (found.means["R@100"], recall.second, recall.difference) == (1.0, 0.5, -0.5)
    assert (recall.better, recall.worse) == (0, 1)
    assert recall.t_test == pytest.approx(0.5)
    assert recall.randomisation == pytest.approx(1.0)


def test_questions_without_judgements_are_refused(library):
    with pytest.raises(JudgementError, match="judgements of these questions"):
        library.evaluate({"a": "swan"}, {"b": {"1": 1}})
    with pytest.raises(JudgementError, match="judgements of these questions"):
        library.evaluate({"a": "swan"}, {"a": {"1": 0}})


def test_without_its_library_the_error_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name.startswith("ir_measures"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(JudgementError, match=r"pip install 'balletsearch\[evaluate\]'"):
        evaluated({"q": "a"}, {"q": {"a": 1}}, ["a"], lambda *_: ["a"], setting=Setting())


def test_words_of_the_first_answers_count_but_find_nothing(library):
    library.add(Story("u#4", "The lake, a bear."), Story("u#5", "The bear dances on the lake."))
    plain = library.search("swan OR lake")
    wider = library.search("swan OR lake", expand=True)
    assert wider.total == plain.total
    assert {hit.key for hit in wider} == {hit.key for hit in plain}
    scores = {hit.key: hit.score for hit in plain}
    assert all(hit.score > scores[hit.key] for hit in wider if hit.key in ("t#1", "u#5"))


# The command.


@pytest.fixture
def judged_files(tmp_path) -> tuple[str, str]:
    questions = [{"id": "a", "text": "swan lake"}, {"id": "b", "text": "kalmurzaev"}]
    lines = "\n".join(map(json.dumps, questions))
    table = (
        "query-id\tcorpus-id\tscore\n"
        "a\tseeds/002_3644c97cb6daeaa2.txt\t1\n"
        "b\tseeds/003_3f933aa9d612890e.txt\t1\nb\tnobody\t1\n"
    )
    return str(written(tmp_path, lines, "q.jsonl")), str(written(tmp_path, table, "qrels.tsv"))


def test_evaluate_prints_a_line_for_each_measure(ask, judged_files):
    answer = ask("evaluate", *judged_files)
    assert answer.code == 0
    lines = [line.split("\t") for line in answer.out.splitlines()]
    assert [name for name, _ in lines] == list(MEASURES)
    assert answer.err == (
        "2 questions\nnote: 1 judged documents are not in the index and count as not found, "
        "such as nobody\n"
    )


def test_evaluate_breaks_down_by_question_and_compares(ask, judged_files):
    answer = ask("evaluate", *judged_files, "--per-query", "--compare=--all-words --no-emphasis")
    assert answer.code == 0
    heading, a, b, under, *rest = answer.out.splitlines()
    assert heading == "\t".join(("question", *MEASURES))
    assert [line.split("\t")[0] for line in (a, b)] == ["a", "b"]
    assert under.startswith("measure\tfirst\tsecond")
    assert len(rest) == len(MEASURES)


def test_evaluate_prints_json(ask, judged_files):
    document = json.loads(
        ask("evaluate", *judged_files, "--json", "--per-query", "--compare", "").out
    )
    assert document["questions"] == 2
    assert document["missing"] == ["nobody"]
    assert set(document["per_query"]) == {"a", "b"}
    assert {one["difference"] for one in document["compared"].values()} == {0.0}


def test_evaluate_refuses_what_is_no_setting(ask, judged_files):
    answer = ask("evaluate", *judged_files, "--compare=--k1 3")
    assert answer.code == 2
    assert "--no-emphasis" in answer.err
    answer = ask("evaluate", *judged_files[:1], judged_files[0])
    assert answer.code == 2
    assert "is no judgement" in answer.err
