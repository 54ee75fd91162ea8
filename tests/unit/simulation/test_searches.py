"""The searches of the calibration on stand-in objectives, cheap and with known solutions."""

import numpy as np
import pytest
from seizureflow.simulation import option_search, step_search, unit_steps
from seizureflow.simulation.extrapolation import Extrapolation
from seizureflow.simulation.goals import Goals
from seizureflow.simulation.option_search import Found, choose_options
from seizureflow.simulation.rounding_intervals import Interval
from seizureflow.simulation.step_search import Space, step_towards
from seizureflow.simulation.unit_steps import settle

# A trial of 60 with a covariate, as the searches meet it: who responds, and how much.
N = 60
ARM = np.arange(N) < N // 2
COVARIATE = np.random.default_rng(1).normal(size=N)


def printed(*numbers):
    return Goals.of([Interval.of(v, d) for v, d, _ in numbers], [r for _, _, r in numbers])


def adjusted_odds_ratio(responds):
    """Responders by arm, and odds ratio and standard error adjusted for the covariate."""
    design = np.column_stack([np.ones(N), ARM, COVARIATE])
    beta = np.zeros(3)
    for _ in range(12):
        mean = 1 / (1 + np.exp(-design @ beta))
        information = design.T @ (design * (mean * (1 - mean))[:, None])
        beta += np.linalg.solve(information, design.T @ (responds - mean))
    se = np.sqrt(np.linalg.inv(information)[1, 1])
    return np.array([responds[ARM].sum(), responds[~ARM].sum(), np.exp(beta[1]), se])


class TestChoosingOptions:
    responds = np.random.default_rng(2).random(N) < 0.3
    costs = np.random.default_rng(3).integers(1, 30, size=N)

    def options(self):
        return [
            [0, int(c) if r else -int(c)] for c, r in zip(self.costs, self.responds, strict=True)
        ]

    def measure(self, point):
        return adjusted_odds_ratio(np.where(point != 0, ~self.responds, self.responds))

    @pytest.fixture
    def goals(self):
        # Met by turning these participants, so that a solution exists.
        hidden = np.where(np.arange(N) % 9 == 0, ~self.responds, self.responds)
        more, fewer, ratio, se = adjusted_odds_ratio(hidden)
        return printed((more, 0, False), (fewer, 0, False), (ratio, 2, True), (se, 3, True))

    def search(self, goals, seed=1, **settings):
        return choose_options(
            self.options(),
            self.measure,
            goals,
            np.random.default_rng(seed),
            option_search.Settings(**settings),
        )

    def test_every_goal_is_met(self, goals):
        found = self.search(goals)
        assert goals.met(found.values)
        assert goals.met(self.measure(found.point))
        allowed = zip(found.point, self.options(), strict=True)
        assert all(value in options for value, options in allowed)

    def test_measurements_are_counted_and_far_fewer_than_the_points_there_are(self, goals):
        assert self.search(goals).measurements < 1500

    def test_equal_seeds_take_the_same_path(self, goals):
        one, two = self.search(goals), self.search(goals)
        assert (one.point == two.point).all()
        assert one.measurements == two.measurements

    def test_what_cannot_be_met_is_approached_and_returned(self):
        goals = printed((200, 0, False))
        found = choose_options(
            self.options(),
            lambda point: self.measure(point)[:1],
            goals,
            np.random.default_rng(1),
            option_search.Settings(rounds=3),
        )
        assert not goals.met(found.values)
        assert found.values[0] > self.responds[ARM].sum()

    def test_without_options_the_start_is_returned(self):
        goals = printed((200, 0, False))
        found = choose_options(
            [[0]] * N,
            lambda point: self.measure(point)[:1],
            goals,
            np.random.default_rng(1),
            option_search.Settings(),
        )
        assert not found.point.any()
        assert found.measurements == 1


class TestExtrapolation:
    def test_without_combinations_effects_add_up(self):
        effects = {(0, 1): np.array([1.0, 0.0]), (1, 1): np.array([0.5, 2.0])}
        expected = Extrapolation(effects, [])
        both = expected.single((0, 1)).plus(expected.single((1, 1)))
        assert expected.effect(both) == pytest.approx([1.5, 2.0])
        assert expected.effect(both.plus(expected.single((0, 1)), -1)) == pytest.approx([0.5, 2.0])

    def test_interactions_are_learnt_from_combinations(self):
        rng = np.random.default_rng(4)
        moves = {(i, 1): rng.normal(size=2) for i in range(12)}

        def outcome(keys):
            x = sum((moves[key] for key in keys), np.zeros(2))
            return np.array([x[0] + 0.3 * x[0] * x[1], x[1] - 0.2 * x[1] ** 2])

        effects = {key: outcome([key]) for key in moves}
        pairs = [[(i, 1), (j, 1)] for i in range(12) for j in range(i)]
        learnt = Extrapolation(effects, [(keys, outcome(keys)) for keys in pairs[:50]])
        naive = Extrapolation(effects, [])

        def error(expected):
            return np.mean(
                [
                    np.abs(
                        expected.effect(expected.single(a).plus(expected.single(b)))
                        - outcome([a, b])
                    ).sum()
                    for a, b in pairs[50:]
                ]
            )

        # Not to nothing: an effect holds its own square, the product of two effects does not.
        assert error(learnt) < 0.5 * error(naive)

    def test_effects_that_do_not_exist_take_no_part(self):
        effects = {(0, 1): np.array([1.0, np.nan]), (1, 1): np.array([np.inf, 1.0])}
        expected = Extrapolation(effects, [([(0, 1), (1, 1)], np.array([np.nan, 1.0]))])
        assert np.isfinite(expected.effect(expected.single((0, 1)))).all()


class TestStepping:
    counts = np.random.default_rng(5).integers(5, 120, size=N)

    def measure(self, point):
        """Means of the log counts by arm and the standard error of their difference."""
        logs = np.log(self.counts + point + 0.8)
        one, two = logs[ARM], logs[~ARM]
        se = np.sqrt(one.var(ddof=1) / len(one) + two.var(ddof=1) / len(two))
        return np.array([one.mean(), two.mean(), np.exp(one.mean() - two.mean()), se])

    @pytest.fixture
    def goals(self):
        one, two, ratio, se = self.measure(np.zeros(N, dtype=np.int64))
        return printed(
            (round(one - 0.10, 2), 2, False),
            (round(two + 0.05, 2), 2, False),
            (
                round(ratio * np.exp(round(one - 0.10, 2) - one - round(two + 0.05, 2) + two), 3),
                3,
                True,
            ),
            (round(se * 1.03, 3), 3, True),
        )

    @pytest.fixture
    def space(self):
        reach = np.maximum(4, self.counts * 2 // 5)
        return Space(
            lower=-np.minimum(reach, self.counts),
            positions=[
                np.log(n + np.arange(-min(r, n), r + 1) + 0.8)
                for n, r in zip(self.counts.tolist(), reach.tolist(), strict=True)
            ],
            weights=1 / (self.counts + 10.0),
            probes=np.maximum(1, self.counts // 14),
        )

    def start(self):
        return np.zeros(N, dtype=np.int64)

    def test_every_goal_is_met_with_few_measurements(self, goals, space):
        found = step_towards(self.start(), self.measure, goals, space, step_search.Settings())
        assert goals.met(self.measure(found.point))
        assert found.measurements < 4 * N
        assert (found.point >= space.lower).all()
        assert (found.point <= space.upper).all()

    def test_the_change_is_spread_and_small(self, goals, space):
        point = step_towards(self.start(), self.measure, goals, space, step_search.Settings()).point
        assert (point != 0).mean() > 0.5
        assert np.abs(point).sum() < 0.12 * self.counts.sum()

    def test_nothing_is_changed_where_all_goals_are_met(self, space):
        values = self.measure(self.start())
        goals = printed(*((round(float(v), 2), 2, False) for v in values))
        found = step_towards(self.start(), self.measure, goals, space, step_search.Settings())
        assert not found.point.any()
        assert found.measurements == 1

    def test_limits_are_kept_where_goals_are_out_of_reach(self, space):
        goals = printed((99.0, 1, False), (0.0, 1, False), (1.0, 1, True), (1.0, 1, True))
        found = step_towards(
            self.start(), self.measure, goals, space, step_search.Settings(rounds=2)
        )
        assert (found.point >= space.lower).all()
        assert (found.point <= space.upper).all()

    def test_single_steps_settle_what_is_nearly_met(self, goals, space):
        near = step_towards(self.start(), self.measure, goals, space, step_search.Settings()).point
        nudged = np.clip(near + (np.arange(N) % 20 == 0), space.lower, space.upper)
        assert not goals.met(self.measure(nudged))
        found = settle(
            Found(nudged, self.measure(nudged), 1),
            self.measure,
            goals,
            space,
            unit_steps.Settings(),
        )
        assert goals.met(self.measure(found.point))
        assert np.abs(found.point - nudged).max() <= 12
