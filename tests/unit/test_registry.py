from pathlib import Path

import pytest
import seizureflow.methods as methods_package
from jsonschema import Draft202012Validator
from seizureflow.methods import load_method
from seizureflow.registry import METHODS
from seizureflow.registry.document import methods_page

NOT_METHODS = {"__init__", "common_statistics"}


def test_every_method_module_is_registered_and_the_other_way_round():
    modules = {path.stem for path in Path(methods_package.__file__).parent.glob("*.py")}
    assert set(METHODS) == modules - NOT_METHODS


@pytest.mark.parametrize("name", METHODS)
def test_every_method_has_a_documented_function(name):
    assert load_method(name).__doc__


def test_the_page_on_methods_is_the_one_that_the_registry_gives():
    page = Path(__file__).parents[2] / "docs" / "methods.md"
    assert page.read_text(encoding="utf-8") == methods_page(), "run make docs"


@pytest.mark.parametrize("name", METHODS)
def test_every_option_says_what_it_is(name):
    for option, schema in METHODS[name].options.items():
        assert schema.get("description"), f"{name}, {option}"


@pytest.mark.parametrize("name", METHODS)
def test_defaults_keep_their_schema(name):
    for option, schema in METHODS[name].options.items():
        if "default" in schema:
            Draft202012Validator(schema).validate(schema["default"]), option


def test_keys_of_options_are_on_the_page():
    page = methods_page()
    for row in ("hypotheses[].arm", "by[].cuts", "grid.offset", "historical.mean"):
        assert f"| `{row}` |" in page
