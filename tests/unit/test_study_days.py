import numpy as np
import pandas as pd
import pytest
from seizureflow.study_days import from_ordinal, interval_length, ordinal, study_day

# CDISC SDTM Implementation Guide 3.4, 4.4.4: the reference date is day 1, the day before it day -1.
DAYS = {"2020-03-02": 1, "2020-03-01": -1, "2020-02-29": -2, "2020-03-03": 2, "2021-03-02": 366}


@pytest.mark.parametrize(("date", "day"), DAYS.items())
def test_study_day(date, day):
    found = study_day(pd.Series(pd.to_datetime([date])), pd.Series(pd.to_datetime(["2020-03-02"])))
    assert found.tolist() == [day]


def test_missing_dates_have_no_study_day():
    dates = pd.Series(pd.to_datetime(["2020-03-02", None]))
    reference = pd.Series(pd.to_datetime([None, "2020-03-02"]))
    assert study_day(dates, reference).isna().all()


@pytest.mark.parametrize(
    ("start", "end", "length"),
    [(-42, 1, 42), (1, 57, 56), (57, 169, 112), (-1, 1, 1), (-2, 2, 3), (-5, -2, 3)],
)
def test_interval_length_leaves_out_day_0(start, end, length):
    assert interval_length(start, end) == length
    assert ordinal(end) - ordinal(start) == length


def test_ordinal_and_back():
    days = np.array([-3, -2, -1, 1, 2, 3])
    assert (np.diff(ordinal(days)) == 1).all()
    assert (from_ordinal(ordinal(days)) == days).all()
