"""What must hold for any diary: windows add up, and the order of rows does not matter."""

import math

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.ingestion.diary import ingest_diary
from seizureflow.methods import load_method
from seizureflow.raw_reading import RawSource
from seizureflow.seizure_frequency import longest_seizure_free_run, window_totals
from seizureflow.study_days import from_ordinal, ordinal

# Days from -20 to 40 with a count each, or None where the day is missing.
FIRST, LENGTH = -20, 60
diaries = st.lists(st.one_of(st.none(), st.integers(0, 6)), min_size=LENGTH, max_size=LENGTH)
days = st.integers(0, LENGTH).map(lambda step: int(from_ordinal(ordinal(FIRST) + step)))


def countable(counts):
    start = from_ordinal(ordinal(FIRST) + np.arange(LENGTH))
    frame = pd.DataFrame({"USUBJID": "A", "START": start, "COUNT": counts})
    frame = frame.assign(END=from_ordinal(ordinal(start) + 1), DAYS=1)
    return frame.dropna(subset="COUNT").astype({"COUNT": "int64"})


def total(frame, start, end):
    windows = pd.DataFrame({"USUBJID": ["A"], "WINDOW": "w", "START": start, "END": end})
    row = window_totals(frame, windows).iloc[0]
    return np.array([row["COUNT"], row["DAYS"]])


@given(diaries, st.lists(days, min_size=3, max_size=3).map(sorted))
def test_adjacent_windows_add_up(counts, bounds):
    start, middle, end = bounds
    frame = countable(counts)
    parts = total(frame, start, middle) + total(frame, middle, end)
    assert (parts == total(frame, start, end)).all()


@given(diaries)
def test_a_window_over_everything_holds_everything(counts):
    recorded = [count for count in counts if count is not None]
    assert total(countable(counts), -100, 100).tolist() == [sum(recorded), len(recorded)]


@given(diaries)
def test_longest_run_equals_the_longest_string_of_zeros(counts):
    """An independent road: the diary as text, missing days and seizures as separators."""
    text = "".join("0" if count == 0 else "|" for count in counts)
    expected = max(map(len, text.split("|")))
    frame = countable(counts)
    found = longest_seizure_free_run(frame, FIRST, 100).get("A", 0)
    assert found == expected


@settings(max_examples=25)
@given(diaries, st.randoms())
def test_the_order_of_the_rows_of_a_diary_does_not_matter(tmp_path_factory, counts, random):
    reference = pd.Timestamp("2020-03-02")
    rows = []
    for step, count in enumerate(counts):
        day = (reference + pd.Timedelta(days=step - 20)).date()
        rows.append(f"A,{day},{'N' if count is None else 'Y'},{'' if count is None else count}")
    shuffled = random.sample(rows, len(rows))
    domain = {
        "columns": {"participant": "who", "date": "day", "recorded": "kept"},
        "recorded_values": {"recorded": "Y", "missing": "N"},
        "types": {"focal": "n"},
    }
    people = pd.DataFrame({"USUBJID": ["A"], "RFDT": [reference.as_unit("ms")]})
    types = [{"id": "focal", "label": "Focal", "countable": True}]
    found = []
    for lines in (rows, shuffled):
        path = tmp_path_factory.mktemp("diary") / "diary.csv"
        path.write_text("\n".join(["who,day,kept,n", *lines]) + "\n")
        source = RawSource("diary", str(path), domain, pd.Timestamp("2021-01-01"))
        found.append(ingest_diary(source, people, types))
    for name in ("intervals", "seizures"):
        # The number of the row is that of the file, and the one thing that the order changes.
        one, two = (read.tables[name].drop(columns="ROW") for read in found)
        pd.testing.assert_frame_equal(one, two)
    pd.testing.assert_frame_equal(
        found[0].tables["seizure_types"], found[1].tables["seizure_types"]
    )
    assert found[0].findings == found[1].findings == []


changes = st.lists(st.floats(-3, 3).map(lambda x: round(x, 6)), min_size=12, max_size=12)


def ancova(change, arms, reference="placebo"):
    people = pd.DataFrame({"USUBJID": [f"P{i}" for i in range(12)], "TRT01P": arms, "FASFL": "Y"})
    people["LBSFREQ"] = np.linspace(1, 3, 12) ** 2
    parts = {"SZCOUNT": "AVAL", "SZDAYS": "AVAL", "SZFREQ": "AVAL", "LOGCHG": "CHG"}
    adsz = pd.concat(
        [
            pd.DataFrame(
                {"USUBJID": people["USUBJID"], "PARAMCD": code, "AVISIT": "w", name: change}
            )
            for code, name in parts.items()
        ],
        ignore_index=True,
    )
    order = sorted(set(arms), key=lambda arm: arm != reference)
    spec = AnalysisSpec(
        id="x", population="full", arms=tuple(Arm(arm, arm) for arm in order), endpoint="LOGCHG",
        window="w", covariates=("LBSFREQ",),
    )  # fmt: skip
    result = load_method("ancova")(spec, {"adsl": people, "adsz": adsz.assign(PCHG=0.0)})
    return {s.name: s.value for s in result.statistics if s.reference}


ARMS = ["placebo", "active"] * 6


@settings(max_examples=25)
@given(changes)
def test_swapping_the_reference_turns_the_sign(change):
    assume(max(change) - min(change) > 1e-3)  # equal outcomes leave no variance, and are refused
    forward, backward = ancova(change, ARMS), ancova(change, ARMS, reference="active")
    assert math.isclose(forward["difference"], -backward["difference"], abs_tol=1e-9)
    assert math.isclose(forward["difference_se"], backward["difference_se"], abs_tol=1e-9)


@settings(max_examples=25)
@given(changes, st.floats(-5, 5))
def test_a_constant_added_to_every_change_moves_no_difference(change, constant):
    assume(max(change) - min(change) > 1e-3)
    moved = ancova([value + constant for value in change], ARMS)
    assert math.isclose(ancova(change, ARMS)["difference"], moved["difference"], abs_tol=1e-8)
