"""docs/faults.md says what the tests try: every row, every command, every message."""

import ast
import re
from pathlib import Path

from faults import told

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("|")
][2:]
FAULTS = sorted((ROOT / "tests" / "faults").glob("*.py"))
TESTS = [*FAULTS, *(ROOT / "tests" / "unit").glob("test_*.py")]
COMMANDS = {name: value.words for name, value in vars(told).items() if isinstance(value, told.Told)}


def cases_of(path):
    """Names of the tests of a file, with their text."""
    text = path.read_text(encoding="utf-8")
    return {
        node.name: ast.get_source_segment(text, node)
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


FILES = {name: path for path in TESTS for name in cases_of(path)}


def test_every_row_names_tests_that_exist():
    assert len(ROWS) >= 14
    for *cells, tests in ROWS:
        assert len(cells) == 4
        for name in tests.split(", "):
            assert name in FILES, name


def test_every_test_of_a_fault_is_in_a_row():
    named = {name for row in ROWS for name in row[-1].split(", ")}
    assert {name for path in FAULTS for name in cases_of(path)} - named == set()


def test_commands_are_those_of_the_tests():
    shown = set(re.findall(r"`(snakemake [^`]*)`", PAGE))
    assert shown == set(COMMANDS.values())
    used = "".join(path.read_text() for path in FAULTS if path.name.startswith("test_"))
    for name in COMMANDS:
        assert f"{name}.do(" in used, name


def test_messages_are_those_of_the_tests():
    for row in ROWS:
        texts = [FILES[name].read_text(encoding="utf-8") for name in row[-1].split(", ")]
        for message in re.findall(r'"([^"]+)"', row[1]):
            assert any(message in text for text in texts), message
