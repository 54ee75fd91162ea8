from pathlib import Path

import pytest
import yaml
from seizureflow.simulation.spec import load_cohort_spec

OPUS = Path(__file__).parents[3] / "studies" / "opus"


@pytest.fixture
def content():
    return yaml.safe_load((OPUS / "cohort.yaml").read_text())


def load(content, tmp_path):
    path = tmp_path / "cohort.yaml"
    path.write_text(yaml.safe_dump(content))
    return load_cohort_spec(path)


def test_the_shipped_spec_loads():
    spec = load_cohort_spec(OPUS / "cohort.yaml")
    assert [arm.id for arm in spec.arms] == ["placebo", "natalizumab"]


def test_it_agrees_with_the_protocol():
    spec = load_cohort_spec(OPUS / "cohort.yaml")
    protocol = yaml.safe_load((OPUS / "protocol.yaml").read_text())
    bounds = {c["id"]: (c.get("at_least"), c.get("at_most")) for c in protocol["eligibility"]}
    rules = spec.screening.eligibility
    assert bounds == {
        "baseline_seizures": (rules.minimum_seizures, None),
        "seizure_free_run": (None, rules.longest_seizure_free_run),
        "age": rules.age,
        "failed_asm": (rules.minimum_failed_asm, None),
        "current_asm": rules.current_asm,
    }
    assert [(v.id, v.day) for v in spec.schedule.visits] == [
        (v["id"], v["day"]) for v in protocol["design"]["visits"]
    ]
    assert protocol["design"]["baseline"]["days"] == [-spec.schedule.baseline_days, 1]
    assert [(t.id, t.countable) for t in spec.diary.types] == [
        (t["id"], t["countable"]) for t in protocol["diary"]["seizure_types"]
    ]
    assert spec.screening.high_baseline_count == protocol["derived_covariates"][0]["at_least"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.update(color="red"), r"cohort\.yaml: unknown keys \['color'\]"),
        (lambda c: c.pop("seed"), r"missing keys \['seed'\]"),
        (lambda c: c["schedule"].update(jitter_sd="two"), "schedule.jitter_sd: expected float"),
        (lambda c: c["arms"][1].update(randomised=33.0), r"arms\[1\].randomised: expected int"),
        (lambda c: c.update(arms={}), "arms: expected a list"),
        (lambda c: c["medications"].update(rescue=[]), "rescue: expected a mapping"),
        (lambda c: c.update(safety=3), "safety: expected a mapping"),
        (lambda c: c["population"].update(age_limits=[1]), "expected 2 entries, found 1"),
    ],
)
def test_a_wrong_key_or_value_is_named(content, tmp_path, change, message):
    change(content)
    with pytest.raises(ValueError, match=message):
        load(content, tmp_path)
