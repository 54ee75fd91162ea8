import numpy as np
from seizureflow.streams import Streams


def streams(seed=7):
    return Streams.of(np.random.default_rng(seed))


def test_a_branch_is_found_by_its_name_not_by_its_turn():
    one, two = streams(), streams()
    one.generator("first").random(100)
    assert one.generator("second").random() == two.generator("second").random()


def test_a_path_is_the_same_as_its_branches():
    assert (
        streams().generator("a", 3).random() == streams().branch("a").branch(3).generator().random()
    )


def test_branches_differ_from_each_other_and_between_seeds():
    draws = {
        streams().generator("a").random(),
        streams().generator("b").random(),
        streams().generator("a", 0).random(),
        streams().generator("a", 1).random(),
        streams(8).generator("a").random(),
    }
    assert len(draws) == 5


def test_making_streams_draws_nothing_from_the_generator():
    rng = np.random.default_rng(1)
    Streams.of(rng).generator("a").random(10)
    assert rng.random() == np.random.default_rng(1).random()
