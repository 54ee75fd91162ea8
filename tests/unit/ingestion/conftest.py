"""Raw files written line by line."""

import pytest


@pytest.fixture
def write(tmp_path):
    def write(*lines: str, name: str = "raw.csv") -> str:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(path)

    return write
