"""Corrupting a good study at random loses nothing in silence: every row is used, excluded with a
reason, or part of an error."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from corpus.good_study import tables, write_good_study
from hypothesis import given, settings
from hypothesis import strategies as st
from seizureflow.ingestion.study import ingest_study
from seizureflow.protocol import load_protocol

SCHEMAS = Path(__file__).parents[2] / "schemas"
LATEST = pd.Timestamp("2020-12-31")
GOOD = {name: [next(csv.reader([line])) for line in lines] for name, lines in tables().items()}

CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "0", "1", "-1", "7", "999999", "1.5", "1e3", "nan", "inf", "Y", "N", "yes", "P1", "P2", "p1",
         "S7", "P9", "2020-03-08", "2020-02-30", "2020-03", "2020", "08/03/2020", "1850-01-01", "2999-01-01",
         "=1+1", "<script>", "focal_aware_motor", "focal aware seizure", "absence", "completed", "\x00", "\u202e",
         "ä", "日本", "a,b", 'a"b', "a\nb"]
    ),
    st.text(max_size=12),
)  # fmt: skip


@st.composite
def corruptions(draw):
    """A file of the study and one thing done to it."""
    name = draw(st.sampled_from(sorted(GOOD)))
    rows = GOOD[name]
    row = draw(st.integers(1, len(rows) - 1))
    column = draw(st.integers(0, len(rows[0]) - 1))
    kind = draw(
        st.sampled_from(["cell", "cell", "cell", "drop", "double", "swap", "header", "short"])
    )
    return name, kind, row, column, draw(CELLS)


def corrupted(kind, rows, row, column, cell):
    rows = [list(line) for line in rows]
    row = min(row, len(rows) - 1)
    if kind == "cell":
        rows[row][min(column, len(rows[row]) - 1)] = cell
    elif kind == "drop":
        del rows[row]
    elif kind == "double":
        rows.append(list(rows[row]))
    elif kind == "swap":
        other = (row + 7) % len(rows)
        rows[row], rows[other] = rows[other], rows[row]
    elif kind == "header":
        rows[0][min(column, len(rows[0]) - 1)] = cell
    else:
        rows[row] = rows[row][:-1]
    return rows


def write(path, rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", errors="surrogatepass", newline="\n")


@settings(max_examples=80)
@given(st.lists(corruptions(), min_size=1, max_size=4))
def test_every_row_is_used_excluded_or_an_error(changes):
    content = dict(GOOD)
    for name, kind, row, column, cell in changes:
        content[name] = corrupted(kind, content[name], row, column, cell)
    with TemporaryDirectory() as folder:
        study = write_good_study(Path(folder))
        for name, rows in content.items():
            write(study / "data" / f"{name}.csv", rows)
        found = ingest_study(load_protocol(study, SCHEMAS), LATEST)
        refused = {f.file for f in found.findings if f.severity == "error"}
        for path in sorted((study / "data").glob("*.csv")):
            rows = content[path.stem]
            accounts = found.accounting[found.accounting["FILE"] == str(path)]
            assert len(accounts), path
            accounted = accounts["ROWS"].sum()
            # A file that cannot be read as a table at all has no rows to account for, but an error.
            blank = sum(not any(cell.strip() for cell in line) for line in rows[1:])
            assert accounted in (len(rows) - 1, len(rows) - 1 - blank) or str(path) in refused
            errors = accounts.loc[accounts["OUTCOME"] == "error", "ROWS"].sum()
            assert (errors > 0) <= (str(path) in refused)
            excluded = accounts[accounts["OUTCOME"] == "excluded"]
            assert excluded["REASON"].str.len().gt(0).all()
        assert_tables_hold_what_was_used(found)
        if not any(f.severity == "error" for f in found.findings):
            assert_seizures_are_those_entered(content["diary"], found)


def assert_tables_hold_what_was_used(found):
    """A row that counts as used is in the table of its domain."""
    table_of = {"diary": "intervals", "treatment_codes": "treatment"}
    used = found.accounting[found.accounting["OUTCOME"] == "used"].set_index("DOMAIN")["ROWS"]
    for domain, rows in used.items():
        assert len(found.tables[table_of.get(domain, domain)]) >= rows, domain


def assert_seizures_are_those_entered(rows, found):
    """Where nothing is refused, the seizures of the canonical table are those of the file."""
    header = [cell.strip() for cell in rows[0]]
    lines = [dict(zip(header, line, strict=True)) for line in rows[1:] if any(map(str.strip, line))]
    entered = sum(
        float(line[name] or 0) for line in lines for name in ("motor", "impaired", "status")
    )
    clusters = sum(bool(line["cluster"].strip()) for line in lines)
    assert found.tables["seizures"]["COUNT"].sum() == entered + clusters
    assert len(found.tables["intervals"]) == len(lines)
