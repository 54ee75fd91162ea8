"""Bad input ends the run before anything is derived from it, and says where, what and what to do."""

from dataclasses import dataclass

import pytest

from workflow.tiny_study import write_tiny_study

pytestmark = pytest.mark.workflow


@dataclass(frozen=True)
class Case:
    """An edit of the tiny study and what the message must hold."""

    file: str
    old: str
    new: str
    says: tuple[str, ...]
    starts: bool = True  # whether the run gets as far as reading the raw files


CASES = {
    "unknown key in the protocol": Case(
        "protocol.yaml", "    method: ancova", "    methd: ancova",
        ("studies/tiny/protocol.yaml, line", "analyses[0].methd", "Unknown key", 'Did you mean "method"?'),
        starts=False,
    ),
    "missing key in the protocol": Case(
        "protocol.yaml", "question: Does the tablet lower seizure frequency?\n", "",
        ("studies/tiny/protocol.yaml", 'The key "question" is missing'),
        starts=False,
    ),
    "unknown method": Case(
        "protocol.yaml", "method: ancova", "method: anova",
        ("analyses[0].method", 'There is no method "anova"', 'Did you mean "ancova"?'),
        starts=False,
    ),
    "method that needs an absent domain": Case(
        "protocol.yaml", "analyses:\n",
        "analyses:\n  - {id: ae, label: Events, role: safety, population: full, method: adverse_event_summary}\n",
        ("analyses[0].method", "needs the domain adverse_events, which the study lacks"),
        starts=False,
    ),
    "missing file": Case(
        "protocol.yaml", "file: data/diary.csv", "file: data/diaries.csv",
        ("domains.diary.file", "diaries.csv does not exist", 'Did you mean "diary.csv"?'),
        starts=False,
    ),
    "path outside the study": Case(
        "protocol.yaml", "file: data/diary.csv", "file: ../opus/data/diary.csv",
        ("domains.diary.file", "not allowed"),
        starts=False,
    ),
    "missing column": Case(
        "data/diary.csv", "who,day,kept,seizures", "who,day,kept,siezures",
        ("studies/tiny/data/diary.csv", "no column seizures", 'Did you mean "siezures"?'),
    ),
    "negative count": Case(
        "data/diary.csv", "T03,2020-02-19,Y,1", "T03,2020-02-19,Y,-2",
        ("studies/tiny/data/diary.csv, line ", "column seizures, participant T03", "A count is negative", "'-2'"),
    ),
    "fractional count": Case(
        "data/diary.csv", "T03,2020-02-19,Y,1", "T03,2020-02-19,Y,1.5",
        ("participant T03", "not a whole number", "'1.5'"),
    ),
    "participant of the diary who is not in participants": Case(
        "data/diary.csv", "T05,", "T55,",
        ("studies/tiny/data/diary.csv, line ", "column who, participant T55", "not in the participants file"),
    ),
    "same participant twice": Case(
        "data/people.csv", "T02,", "T01,",
        ("studies/tiny/data/people.csv, line 3, 4", "participant T01", "more than one row"),
    ),
    "unknown arm": Case(
        "data/people.csv", "tablet", "placebo",
        ("studies/tiny/data/people.csv, line 3", "column group", "Known: dummy, tablet"),
    ),
    "date in another form": Case(
        "data/diary.csv", "T03,2020-02-19", "T03,19/02/2020",
        ("column day, participant T03", "YYYY-MM-DD", "'19/02/2020'"),
    ),
    "day entered twice": Case(
        "data/diary.csv", "T03,2020-02-19", "T03,2020-02-20",
        ("studies/tiny/data/diary.csv, line 130, 131", "participant T03", "more than one record of the same days"),
    ),
    "not UTF-8": Case(
        "data/people.csv", "T02,", "T\udce92,",
        ("studies/tiny/data/people.csv, line 4", "not utf-8 text", "Export the file as UTF-8", "1 problem was found"),
    ),
}  # fmt: skip


@pytest.fixture
def tiny(project):
    write_tiny_study(project.folder / "studies" / "tiny")
    project.edit("config.yaml", "  - progabide\n  - opus\n", "  - tiny\n")
    return project


@pytest.mark.parametrize("name", CASES)
def test_bad_input_ends_the_run(tiny, name):
    case = CASES[name]
    path = tiny.folder / "studies" / "tiny" / case.file
    text = path.read_text(encoding="utf-8")
    assert case.old in text
    path.write_bytes(text.replace(case.old, case.new, 1).encode("utf-8", "surrogateescape"))
    run = tiny.snakemake("--cores", "2")
    assert run.returncode != 0
    output = run.stdout + run.stderr
    for words in case.says:
        assert words in output
    assert "Traceback" not in output
    results = tiny.folder / "results" / "tiny"
    assert results.exists() == case.starts
    assert not (results / "adam").exists()
    assert not (results / "data_quality" / "checked.txt").exists()
    if case.starts:  # what is wrong can be read after the run, too
        findings = (results / "data_quality" / "findings.csv").read_text(encoding="utf-8")
        assert findings.count("\nerror,") + findings.startswith("error,") >= 1


def test_all_problems_are_told_at_once(tiny):
    tiny.edit("studies/tiny/data/diary.csv", "T03,2020-02-19,Y,1", "T03,2020-02-19,Y,-2")
    tiny.edit("studies/tiny/data/people.csv", "T02,dummy", "T02,dumy")
    run = tiny.snakemake("--cores", "2")
    output = run.stdout + run.stderr
    assert "2 problems were found" in output
    assert "A count is negative" in output
    assert "'dumy'" in output


def test_a_setting_that_stands_twice(project):
    project.edit("config.yaml", "seed: 20180320", "seed: 20180320\nseed: 1")
    run = project.snakemake("--cores", "1")
    assert run.returncode != 0
    assert "config.yaml, line 7, seed" in run.stderr
    assert "The key stands twice; the first is on line 6" in run.stderr


def test_unknown_study(project):
    project.edit("config.yaml", "  - opus", "  - opuss")
    run = project.snakemake("--cores", "1")
    assert run.returncode != 0
    assert 'There is no folder for the study "opuss"' in run.stderr
    assert 'Did you mean "opus"?' in run.stderr
    assert not (project.folder / "results").exists()
