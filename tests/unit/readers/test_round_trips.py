"""Text of any kind comes back from every format as it went in."""

import string

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seizureflow.readers import read_file
from unit.readers.raw_files import write_json, write_ndjson, write_xlsx, write_xpt

# Everything but control characters and halves of surrogate pairs; surrounding blanks are stripped.
PLAIN = st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")).filter(
    lambda char: char not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
ANY_TEXT = st.text(PLAIN | st.sampled_from(' ",;\n\t'), max_size=12).map(str.strip)
# A lone name with a semicolon is taken for several names with another delimiter.
NAMES = st.lists(
    st.text(PLAIN.filter(lambda char: char not in ",;|"), min_size=1, max_size=8),
    min_size=1,
    max_size=4,
    unique_by=str.casefold,
)
SAS_NAMES = st.lists(
    st.text(string.ascii_uppercase, min_size=1, max_size=8), min_size=1, max_size=4, unique=True
)


def tables(names, cells=ANY_TEXT):
    return names.flatmap(
        lambda found: st.lists(
            # A row of empty cells is no row of a sheet.
            st.lists(cells, min_size=len(found), max_size=len(found)).filter(any),
            min_size=1,
            max_size=5,
        ).map(lambda rows: pd.DataFrame(rows, columns=found, dtype="str"))
    )


# Excel writes what it cannot hold as _x000A_, which openpyxl does not undo.
NO_EXCEL = ("_x", "\ufffe", "\uffff")
FORMATS = {
    "csv": (lambda frame, path: frame.to_csv(path, index=False), NAMES),
    "tsv": (lambda frame, path: frame.to_csv(path, index=False, sep="\t"), NAMES),
    "parquet": (lambda frame, path: frame.to_parquet(path), NAMES),
    "xlsx": (write_xlsx, NAMES),
    "json": (write_json, NAMES),
    "ndjson": (write_ndjson, NAMES),
    "xpt": (write_xpt, SAS_NAMES),
}


@pytest.mark.parametrize("suffix", FORMATS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_text_comes_back(suffix, data, tmp_path):
    write, names = FORMATS[suffix]
    frame = data.draw(tables(names))
    if suffix == "xlsx":
        held = frame.map(lambda cell: any(part in cell for part in NO_EXCEL)).to_numpy().any()
        if held or any(part in name for name in frame for part in NO_EXCEL):
            return
        frame = frame.map(lambda cell: "'" + cell if cell[:1] in ("=", "#") else cell)
        frame.columns = ["N" + name for name in frame]
    path = tmp_path / f"t.{suffix}"
    write(frame, path)
    table = read_file(path)
    assert table.findings == []
    pd.testing.assert_frame_equal(table.frame, frame)
