from pathlib import Path

import pytest
import seizureflow.methods as methods_package
from seizureflow.methods import load_method
from seizureflow.registry import METHODS

NOT_METHODS = {"__init__", "common_statistics"}


def test_every_method_module_is_registered_and_the_other_way_round():
    modules = {path.stem for path in Path(methods_package.__file__).parent.glob("*.py")}
    assert set(METHODS) == modules - NOT_METHODS


@pytest.mark.parametrize("name", METHODS)
def test_every_method_has_a_documented_function(name):
    assert load_method(name).__doc__
