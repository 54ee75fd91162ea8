"""The study of the published models: every number in its file is met, from the raw file on."""

from pathlib import Path

import pandas as pd
import pytest
from seizureflow.methods import run_method
from seizureflow.plans import analysis_plan, load_published
from seizureflow.protocol import load_protocol
from seizureflow.provenance import Trace
from seizureflow.published import compare_published
from seizureflow.results import results_frame
from seizureflow.simulation.study_data import study_data

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "schemas"
STUDY = ROOT / "studies" / "progabide_models"
NO_TRACE = Trace("", "", "", "", None)


@pytest.fixture(scope="module")
def comparison() -> pd.DataFrame:
    protocol = load_protocol(STUDY, SCHEMAS)
    data = study_data(protocol)
    settings = {"confidence_level": 0.95, "seed": 1}
    frames = []
    for analysis in protocol.analyses:
        result = run_method(
            analysis["method"], analysis_plan(protocol, analysis["id"], settings), data
        )
        frames.append(results_frame("progabide_models", analysis, result, NO_TRACE, "unblinded"))
    published = load_published(protocol, SCHEMAS)
    return compare_published(published, pd.concat(frames, ignore_index=True))


def test_every_published_number_is_met(comparison):
    other = comparison[comparison["VERDICT"] != "same"]
    assert other.empty, other[["ID", "PUBLISHED", "THIS_RUN"]]
    assert len(comparison) > 90


def test_it_is_the_table_of_the_study_progabide():
    for name in ("data/counts.csv", "known_copies.yaml"):
        assert (STUDY / name).read_bytes() == (STUDY.parent / "progabide" / name).read_bytes()


def test_arms_stay_the_same_without_participant_207():
    """The set leaves out one participant, of progabide."""
    data = study_data(load_protocol(STUDY, SCHEMAS))["adsl"]
    left_out = data[data["WITHOUFL"] == "N"]
    assert list(left_out["USUBJID"]) == ["207"]
    assert list(left_out["TRT01P"]) == ["progabide"]
