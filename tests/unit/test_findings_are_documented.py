"""Every rule that can give a finding is described for users."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATTERNS = (
    r'\b(?:refuse|report)\(\s*(?:"(?:error|warning|note)",\s*)?f?"([a-z_]+)"',
    r'Finding\(\s*"(?:error|warning|note)",\s*"([a-z_]+)"',
    r'^    "([a-z_]+)": RuleWords',
)


def test_every_rule_of_the_checks_is_described():
    found = set()
    for path in (ROOT / "scripts" / "seizureflow").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= {rule for pattern in PATTERNS for rule in re.findall(pattern, text, re.MULTILINE)}
    found -= {"error", "warning", "note"}
    page = (ROOT / "docs" / "data-quality.md").read_text(encoding="utf-8")
    assert len(found) > 60
    assert not {rule for rule in found if f"`{rule}`" not in page}
