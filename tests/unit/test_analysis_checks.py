"""What a plan says of its analyses: names that refer to nothing, and what cannot be repeated or read."""

import shutil
from pathlib import Path

import pytest
from seizureflow.problems import InputError
from seizureflow.protocol import load_protocol

ROOT = Path(__file__).parents[2]
EVENTS = (
    "eligibility: []",
    "eligibility: []\nintercurrent_events: [{id: left, label: Left, occurs: discontinuation}]",
)
# edits of progabide's plan, and for each problem its place and words of it
CASES = {
    "an analysis that repeats itself in turn": (
        [("options: {repeats: negative_binomial}", "options: {repeats: without_each_participant}")],
        [("options.repeats", "cannot be repeated")],
    ),
    "an analysis without an estimate is repeated": (
        [("options: {repeats: negative_binomial}", "options: {repeats: by_visit}")],
        [("options.repeats", "gives no one estimate")],
    ),
    "an analysis that does not exist is repeated": (
        [("options: {repeats: negative_binomial}", "options: {repeats: negative_binomal}")],
        [("options.repeats", 'There is no analysis "negative_binomal"')],
    ),
    "results that are not there yet": (
        [("{analysis: responders, label: 50% responders}", "{analysis: subgroups}")],
        [("options.hypotheses", "stands later in the plan")],
    ),
    "a hypothesis on no arm": (
        [("{analysis: responders, label: 50% responders}", "{analysis: responders, arm: active}")],
        [("options.hypotheses[1].arm", 'There is no arm "active"')],
    ),
    "weights without transitions": (
        [("procedure: holm", "procedure: graphical\n      weights: [0.5, 0.5]")],
        [("options", "2 hypotheses need 2 weights and 2 rows")],
    ),
    "transitions that pass on more than there is": (
        [
            (
                "procedure: holm",
                "procedure: graphical\n      weights: [0.5, 0.5]\n      transitions: [[0.5, 1], [1, 0]]",
            )
        ],
        [("options", "nor exceed 1 in the sum of a row"), ("options", "the diagonal must be 0")],
    ),
    "an unknown choice of the grid": (
        [("        window: [weeks_0_8, weeks_4_8]", "        windows: [weeks_0_8, weeks_4_8]")],
        [
            ("options.grid.windows", 'Did you mean "window"?'),
            ("options.grid", 'The key "window" is missing'),
        ],
    ),
    "an unknown model of the grid": (
        [("          - negative_binomial\n", "          - negbin\n")],
        [("options.grid.model", "one of ancova, ancova_hc3, negative_binomial, quasi_poisson, or")],
    ),
    "a subgroup by nothing": (
        [("{variable: AGE, cuts: median}", "{variable: AGEE, cuts: median}")],
        [("options.by[0].variable", 'There is no variable "AGEE"')],
    ),
    "a curve of a trial with three arms": (
        [
            (
                "    - {id: progabide, label: Progabide}",
                "    - {id: progabide, label: Progabide}\n    - {id: low, label: Low dose}",
            )
        ],
        [("options.arm", "expected: one of progabide, low")],
    ),
    "a curve of the reference itself": (
        [
            (
                "relative_reduction: 31\n      grid",
                "relative_reduction: 31\n      arm: placebo\n      grid",
            )
        ],
        [("options.arm", 'There is no arm compared with the reference "placebo"')],
    ),
    "a window of the grid": (
        [("window: [weeks_0_8, weeks_4_8]", "window: [weeks_0_8, weeks_4_9]")],
        [("options.grid.window[1]", 'There is no window "weeks_4_9"')],
    ),
    "offsets that belong to another kind": (
        [("kind: percent_change}", "kind: percent_change, post_offset: 0.2}")],
        [("post_offset", "An endpoint of kind percent_change has no post_offset")],
    ),
    "free days without a daily diary": (
        [("kind: percent_change}", "kind: seizure_free_days}")],
        [("kind", "needs a daily diary")],
    ),
    "an event that nothing shows": (
        [EVENTS],
        [("intercurrent_events[0].occurs", "needs the domain disposition")],
    ),
    "a window that ends with an unknown event": (
        [("label: Weeks 0-8, days: [1, 57]}", "label: Weeks 0-8, days: [1, 57], until: [left]}")],
        [("windows[0].until", 'There is no intercurrent event "left"')],
    ),
    "who left, where nothing tells": (
        [
            (
                "kind: responder, reduction: 75}",
                "kind: responder, reduction: 75, dropouts: pragmatic}",
            )
        ],
        [("dropouts", "needs the domain disposition")],
    ),
    "a seizure type of an endpoint": (
        [("kind: percent_change}", "kind: percent_change, seizure_type: focall}")],
        [("seizure_type", 'There is no seizure type "focall"')],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_with_analyses_is_said_at_its_place(name, tmp_path):
    edits, expected = CASES[name]
    folder = tmp_path / "progabide"
    shutil.copytree(ROOT / "studies" / "progabide", folder)
    text = (folder / "protocol.yaml").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "protocol.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_protocol(folder, ROOT / "schemas")
    found = [str(problem) for problem in caught.value.problems]
    for place, words in expected:
        assert any(place in problem and words in problem for problem in found), found


@pytest.mark.parametrize("study", ["progabide", "opus", "progabide_models"])
def test_the_shipped_plans_are_sound(study):
    assert load_protocol(ROOT / "studies" / study, ROOT / "schemas").study == study
