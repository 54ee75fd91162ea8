"""Settings of all tests."""

from hypothesis import settings

# The same examples on every machine, and no test that a slow machine can fail.
settings.register_profile("seizureflow", deadline=None, derandomize=True, database=None)
settings.load_profile("seizureflow")
