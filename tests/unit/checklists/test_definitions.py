"""The definitions: whole, of known evidence, and with keys that the protocol and docs know."""

import re

import pytest
import yaml
from seizureflow.checklists.definition import Definition
from seizureflow.checklists.evidence import OF_ESTIMAND, OF_STUDY
from unit.checklists.hand_made import NAMES, ROOT, definition

# Table 1 of Hopewell et al., PLOS Medicine 2025;22(4):e1004587.
CONSORT_NUMBERS = [
    "1a",
    "1b",
    "2",
    "3",
    "4",
    "5a",
    "5b",
    "6",
    "7",
    "8",
    "9",
    "10",
    "11",
    "12a",
    "12b",
    "13",
    "14",
    "15",
    "16a",
    "16b",
    "17a",
    "17b",
    "18",
    "19",
    "20a",
    "20b",
    "21a",
    "21b",
    "21c",
    "21d",
    "22a",
    "22b",
    "23a",
    "23b",
    "24a",
    "24b",
    "25",
    "26",
    "27",
    "28",
    "29",
    "30",
]
CONSORT_SECTIONS = {
    "Title and abstract": "1a",
    "Open science": "2",
    "Introduction": "6",
    "Methods": "8",
    "Results": "22a",
    "Discussion": "29",
}


def keys() -> set[str]:
    """Keys of the entry reporting that any part names."""
    return {
        part.key
        for name in NAMES
        for item in definition(name).items
        for part in item.parts
        if part.key
    }


def test_consort_has_its_items_in_their_order():
    found = definition("consort_2025")
    assert [item.number for item in found.items] == CONSORT_NUMBERS
    assert len({re.sub("[a-d]$", "", number) for number in CONSORT_NUMBERS}) == 30


def test_consort_sections_begin_where_they_do_in_the_statement():
    first: dict[str, str] = {}
    for item in definition("consort_2025").items:
        first.setdefault(item.section, item.number)
    assert first == CONSORT_SECTIONS


def test_the_five_attributes_of_an_estimand_are_asked_of_each():
    each = {item.topic for item in definition("ich_e9_r1").items if item.each_estimand}
    assert each >= {
        "Treatment",
        "Population",
        "Variable",
        "Intercurrent events",
        "Population-level summary",
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_part_can_be_answered_by_known_evidence_or_a_key(name):
    for item in definition(name).items:
        assert item.parts, item.number
        known = OF_ESTIMAND if item.each_estimand else OF_STUDY
        for part in item.parts:
            assert part.evidence or part.key, (item.number, part.asks)
            assert part.evidence is None or part.evidence in known, part.evidence


def test_every_kind_of_evidence_is_used():
    named = {p.evidence for name in NAMES for item in definition(name).items for p in item.parts}
    assert named >= OF_STUDY.keys() | OF_ESTIMAND.keys()


def test_the_protocol_knows_the_same_keys():
    text = (ROOT / "schemas" / "protocol.schema.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text)["properties"]["reporting"]["properties"].keys() == keys()


def test_every_key_and_item_is_documented():
    page = (ROOT / "docs" / "checklists.md").read_text(encoding="utf-8")
    assert not {key for key in keys() if f"`{key}`" not in page}
    table = page[page.index("## CONSORT 2025") : page.index("## ICH E9(R1)")]
    assert re.findall(r"^\| (\d+[a-d]?) \|", table, re.MULTILINE) == CONSORT_NUMBERS


def test_sources_are_cited():
    found: list[Definition] = [definition(name) for name in NAMES]
    assert ["10.1371/journal.pmed.1004587" in d.address for d in found] == [True, False]
    assert all(d.citation and d.address.startswith("https://") for d in found)
