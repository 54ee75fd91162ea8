"""Every broken plan, and every file that a plan must not reach, is refused with its place and reason."""

from pathlib import Path

import pytest
from seizureflow.problems import InputError
from seizureflow.protocol import load_protocol

from corpus.good_study import write_good_study

SCHEMAS = Path(__file__).parents[2] / "schemas"

# What is replaced in the protocol, by what, and words that the message must hold.
PLANS = {
    "tag that builds an object": ("title: A made-up trial", "title: !!python/object/apply:os.system [true]", ("line 2", "not valid YAML", "tag")),
    "tag that calls a function": ("title: A made-up trial", "title: !!python/name:os.system", ("line 2", "not valid YAML")),
    "aliases of aliases": ("simulated: true", "simulated: true\nx0: &x0 [1,1,1,1,1,1,1,1,1,1]\n" + "\n".join(f"x{i}: &x{i} [{','.join([f'*x{i - 1}'] * 10)}]" for i in range(1, 9)), ("more than 100,000 entries",)),
    "alias of itself": ("simulated: true", "simulated: true\nx: &x {y: *x}", ("nested more than 50 deep",)),
    "brackets without end": ("title: A made-up trial", "title: " + "[" * 3000, ("nested without end",)),
    "key twice": ("simulated: true", "simulated: true\nsimulated: false", ("line 5, simulated", "stands twice")),
    "key that is a list": ("simulated: true", "simulated: true\n? [a, b]\n: c", ("A key is not a word",)),
    "tab for blanks": ("  arms:", "\tarms:", ("not valid YAML",)),
    "path out of the folder": ("file: data/diary.csv", "file: ../good/data/diary.csv", ("domains.diary.file", "not allowed")),
    "path from the root": ("file: data/diary.csv", "file: /etc/passwd", ("domains.diary.file", "not allowed")),
    "path with a home": ("file: data/diary.csv", "file: ~/diary.csv", ("domains.diary.file", "not allowed")),
    "address for a path": ("file: data/diary.csv", "file: http://example.org/diary.csv", ("domains.diary.file", "not allowed")),
    "file that is not there": ("file: data/diary.csv", "file: data/dairy.csv", ("domains.diary.file", "dairy.csv does not exist", 'Did you mean "diary.csv"?')),
    "folder for a file": ("file: data/diary.csv", "file: data", ("domains.diary.file", "does not exist")),
    "misspelt key": ("clusters: cluster", "cluster: cluster", ("domains.diary.cluster", "Unknown key")),
    "no question": ("question: Does the tablet lower seizure frequency?\n", "", ('The key "question" is missing',)),
    "no file": ("    file: data/visits.csv\n", "", ("domains.visits", 'The key "file" is missing')),
    "no column of the day": ("columns: {participant: id, visit: visit, date: day}", "columns: {participant: id, visit: visit}", ("domains.visits.columns", 'The key "date" is missing')),
    "no columns of the types": ("    types: {focal_aware_motor: motor, focal_impaired_awareness: impaired, status_epilepticus: status}\n", "", ("domains.diary", 'The key "types" is missing')),
    "events without days": ("    file: data/diary.csv\n", "    file: data/diary.csv\n    layout: events\n", ("does not say which days were recorded", "A missing day is never a zero")),
    "two sources of seizures": ("  visits:\n    file", "  period_counts: {file: data/people.csv, participant: id, seizure_type: focal_aware_motor, periods: [{column: age, days: [1, 8]}]}\n  visits:\n    file", ("one of the two",)),
    "window that ends before it begins": ("days: [1, 29]", "days: [29, 1]", ("design.windows[0].days", "The interval is empty")),
    "window with a day 0": ("days: [1, 29]", "days: [0, 29]", ("design.windows[0].days[0]", "not allowed")),
    "visits out of order": ("week: 4, day: 29", "week: 4, day: 9", ("design.visits", "order of their days")),
    "no reference arm": (", reference: true", "", ("design.arms", "Exactly one arm must be the reference")),
    "two reference arms": ("label: Tablet, codes: [TAB]", "label: Tablet, reference: true", ("design.arms", "Exactly one arm")),
    "code for two arms": ("codes: [TAB]", "codes: [dummy]", ("stands for",)),
    "seizure type of no class": ("label: Focal impaired awareness,", "label: Focal impaired awareness, ilae: focal_impared,", ("diary.seizure_types[1].ilae", "ILAE 2017", "Did you mean")),
    "column for an unknown type": ("types: {focal_aware_motor: motor", "types: {focal_motor: motor", ("domains.diary.types.focal_motor", "no seizure type")),
    "stratum that is no variable": ("strata: [STRUCTFL]", "strata: [STRUCT]", ("design.strata[0]", 'Did you mean "STRUCTFL"?')),
    "criterion without a bound": (", at_least: 2}", "}", ("eligibility[0]", "no bound")),
    "criterion of nothing": ("variable: AGE, at_least", "at_least", ("eligibility[1]", "either a variable or a property")),
    "criterion of an unknown variable": ("variable: AGE,", "variable: AEG,", ("eligibility[1].variable", 'Did you mean "AGE"?')),
    "set without a rule": ("requires: [randomised, dosed]", "requires: []", ("analysis_sets[1]", "no rule")),
    "sets that share a flag": ("{id: safety, label: Safety set, requires: [randomised, dosed]}", "{id: responders_a, label: A, requires: [dosed]}\n  - {id: responders_b, label: B, requires: [eligible]}", ("analysis_sets[2].id", "RESPONFL")),
    "set that takes the flag of a fact": ("{id: safety, label: Safety set, requires: [randomised, dosed]}", "{id: completers, label: Completers, requires: [dosed]}", ("COMPLFL",)),
    "cut-off that is no day": ("data_cutoff: 2020-12-31", "data_cutoff: 2020-12-32", ("data_cutoff", "no such day")),
    "cut-off in another form": ("data_cutoff: 2020-12-31", "data_cutoff: 31.12.2020", ("data_cutoff", "not allowed")),
    "treatment neither blinded nor not": ("treatment: unblinded", "treatment: open", ("treatment", "not allowed", "unblinded")),
    "arms from nowhere": ("  treatment_codes:\n    file: data/codes.csv\n    columns: {participant: id, arm: arm}\n", "", ("which arm a participant was in",)),
    "another study's name": ("study: good", "study: better", ("not named like its folder",)),
    "analysis of an unknown window": ("window: weeks_0_4", "window: weeks_0_5", ("analyses[0].window", 'Did you mean "weeks_0_4"?')),
    "unknown method": ("method: ancova", "method: anova", ('Did you mean "ancova"?',)),
    "stratum twice": ("strata: [STRUCTFL]", "strata: [STRUCTFL, STRUCTFL]", ("design.strata", "differ from each other")),
    "number of a text variable": ("variable: AGE, at_least: 18, at_most: 75", "variable: SEX, at_least: 18", ("eligibility[1].at_least", "SEX holds text", "one_of")),
    "text of a number": ("variable: AGE, at_least: 18, at_most: 75", "variable: AGE, one_of: ['18', old]", ("eligibility[1].one_of", "AGE holds numbers", "'old'")),
    "set bounded by a number of text": ("requires: [randomised, dosed]", "where: [{variable: STRUCTFL, more_than: 1}]", ("analysis_sets[1].where[0].more_than", "STRUCTFL holds text")),
    "set without a bound": ("requires: [randomised, dosed]", "where: [{variable: AGE}]", ("analysis_sets[1].where[0]", "no bound")),
    "covariate derived from itself": ("analysis_sets:", "derived_covariates:\n  - {id: OLDFL, label: O, variable: OLDFL, one_of: [Y]}\nanalysis_sets:", ("derived_covariates[0].variable", 'no variable "OLDFL"')),
    "covariate derived from a later one": ("analysis_sets:", "derived_covariates:\n  - {id: NOTFL, label: O, variable: OLDFL, one_of: [N]}\n  - {id: OLDFL, label: O, variable: AGE, at_least: 65}\nanalysis_sets:", ("derived_covariates[0].variable", 'no variable "OLDFL"')),
    "time to an event before day 1": ("analyses:\n", "time_to_event:\n  - {id: T, label: T, kind: nth_seizure, n: 1, window: before}\nanalyses:\n", ("time_to_event[0].window", "no window")),
    "baseline under treatment": ("baseline: {days: [-14, 1]}", "baseline: {days: [-14, 2]}", ("design.baseline.days", "under treatment", "[-14, 2]")),
    "day beyond all calendars": ("days: [1, 29]", "days: [1, 1000000000]", ("design.windows[0].days[1]", "at most 10000")),
    "bound that is no number": ("at_least: 18", "at_least: .nan", ("line 79", "too large, or none")),
    "name of a file without end": ("file: data/diary.csv", "file: data/" + "d" * 300, ("domains.diary.file", "not allowed")),
    "number for a label": ("label: ANCOVA", "label: 7", ("analyses[0].label", "not allowed")),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANS)
def test_a_broken_plan_is_refused(name, tmp_path):
    old, new, words = PLANS[name]
    study = write_good_study(tmp_path)
    plan = study / "protocol.yaml"
    text = plan.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    plan.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_protocol(study, SCHEMAS)
    for word in words:
        assert word in str(refused.value), refused.value
    assert "protocol.yaml" in str(refused.value)


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    study = write_good_study(tmp_path)
    (tmp_path / "secret.csv").write_text("id,day\n", encoding="utf-8")
    (study / "data" / "diary.csv").unlink()
    (study / "data" / "diary.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(InputError, match="outside the study's folder"):
        load_protocol(study, SCHEMAS)


def test_a_link_inside_the_folder_is_followed(tmp_path):
    study = write_good_study(tmp_path)
    (study / "data" / "diary.csv").rename(study / "data" / "export.csv")
    (study / "data" / "diary.csv").symlink_to("export.csv")
    assert load_protocol(study, SCHEMAS).study == "good"


def test_a_plan_that_is_not_text_is_refused(tmp_path):
    study = write_good_study(tmp_path)
    (study / "protocol.yaml").write_bytes(b"\xff\xfe" + "study: good".encode("utf-16-le"))
    with pytest.raises(InputError, match="not UTF-8"):
        load_protocol(study, SCHEMAS)


def test_a_plan_of_many_megabytes_is_refused(tmp_path):
    study = write_good_study(tmp_path)
    with (study / "protocol.yaml").open("a", encoding="utf-8") as plan:
        plan.write("#" * 5_000_000)
    with pytest.raises(InputError, match="4,194,304 bytes"):
        load_protocol(study, SCHEMAS)


def test_all_problems_of_a_plan_are_told_at_once(tmp_path):
    study = write_good_study(tmp_path)
    plan = study / "protocol.yaml"
    text = plan.read_text(encoding="utf-8").replace("variable: AGE,", "variable: AEG,")
    plan.write_text(text.replace("window: weeks_0_4", "window: weeks_0_5"), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_protocol(study, SCHEMAS)
    assert len(refused.value.problems) == 2


def test_a_time_cannot_end_before_it_begins(tmp_path):
    folder = write_good_study(tmp_path)
    plan = folder / "protocol.yaml"
    text = plan.read_text(encoding="utf-8")
    text = text.replace("  windows:\n", "  windows:\n    - {id: before, label: B, days: [-7, 1]}\n")
    text += "time_to_event:\n  - {id: T, label: T, kind: nth_seizure, n: 1, window: before}\n"
    plan.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"time_to_event\[0\]\.window\n +The window ends before"):
        load_protocol(folder, SCHEMAS)
