"""Settings of all tests."""

import pytest
from hypothesis import settings

# The same examples on every machine, and no test that a slow machine can fail.
settings.register_profile("seizureflow", deadline=None, derandomize=True, database=None)
settings.load_profile("seizureflow")


@pytest.hookimpl(trylast=True)  # when tests/browser/conftest.py has marked its own
def pytest_collection_modifyitems(config, items):
    """Give what starts Snakemake or a browser to the first worker, what needs the finished run first.

    With ``--dist worksteal`` that worker has the first tests; the others begin with those that take
    no time, and come for the rest of the long ones when the finished run is there.
    """
    if hasattr(config, "workerinput"):
        items.sort(key=_turn)


def _turn(item):
    if "finished_run" in item.fixturenames:
        return 0
    slow = item.get_closest_marker("workflow") or item.get_closest_marker("browser")
    return 1 if slow else 2
