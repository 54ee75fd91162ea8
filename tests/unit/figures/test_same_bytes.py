"""The same results give the same files, in whatever order their rows come."""

import pytest
from seizureflow.figures.style import save_figure
from unit.figures import (
    test_adverse_events,
    test_covariance,
    test_cumulative_responders,
    test_kaplan_meier,
    test_posterior,
    test_tipping_point,
)
from unit.figures.small_plans import make_plan

DRAWN = {
    "adverse_events": lambda turn: test_adverse_events.draw_of(turn(test_adverse_events.results())),
    "covariance": lambda turn: test_covariance.draw(
        test_covariance.plan(), {"results": test_covariance.results()}
    ),
    "cumulative_responders": lambda turn: test_cumulative_responders.draw(
        make_plan([test_cumulative_responders.ENTRY]),
        {"results": turn(test_cumulative_responders.results())},
    ),
    "kaplan_meier": lambda turn: test_kaplan_meier.draw(
        make_plan([test_kaplan_meier.ENTRY]), {"results": turn(test_kaplan_meier.results())}
    ),
    "posterior": lambda turn: test_posterior.draw(
        make_plan([test_posterior.ENTRY]), {"results": test_posterior.results()}
    ),
    "tipping_point": lambda turn: test_tipping_point.draw(
        make_plan([test_tipping_point.DELTAS]),
        {
            "results": turn(
                test_tipping_point.rows_of(test_tipping_point.DELTAS, test_tipping_point.CHANGES)
            )
        },
    ),
}


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_results_give_the_same_files(tmp_path, name):
    kinds = ("svg", "png", "pdf")
    for turned, step in (("one", 1), ("two", -1)):
        figure = DRAWN[name](lambda rows, step=step: rows.iloc[::step]).figure
        save_figure(figure, *(tmp_path / f"{turned}.{kind}" for kind in kinds))
    for kind in kinds:
        assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()
