"""Every file that the project's code writes appears whole or not at all."""

import ast
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
WAYS = {"whole_file", "whole_folder"}
# Calls that write the file they are called on, or the one that they are given first or as path.
METHODS = {"write_text", "write_bytes", "touch", "symlink_to", "hardlink_to"}
FUNCTIONS = {
    *("savefig", "to_csv", "to_parquet", "to_json", "to_excel", "to_pickle", "to_feather"),
    *("tofile", "save", "savez", "savetxt", "copy2", "copyfile", "copytree", "move"),
    *("FileHandler", "_LogFile", "ExcelWriter", "ParquetWriter", "fdopen", "mkstemp"),
    *("NamedTemporaryFile", "write_feather", "write_xport", "write_sav", "write_dta"),
}
OF_MODULES = {("pq", "write_table"), ("shutil", "copy"), ("os", "replace"), ("os", "rename")}
DUMPS = {("json", "dump"), ("yaml", "dump"), ("yaml", "safe_dump"), ("pickle", "dump")}
OWN = {"write_xport"}  # of seizureflow.exports; that of pyreadstat is called by its module's name

EXCEPTIONS = {
    ("seizureflow/log_file.py", "open_log"): "a log is read while it is written",
    ("seizureflow/run_lock.py", "lock_results"): "a file in its place would not be the locked one",
    ("seizureflow/exports/xport.py", "_require_all_rows"): "adds to what is thrown away",
    ("seizureflow/printing/pdf.py", "print_page"): "in a temporary folder, for one call",
}


def name_of(node):
    """``module.function`` or ``.method`` of a call, as a pair."""
    if isinstance(node.func, ast.Attribute):
        owner = node.func.value
        return (owner.id if isinstance(owner, ast.Name) else "", node.func.attr)
    return ("", node.func.id if isinstance(node.func, ast.Name) else "")


def opens_to_write(node):
    arguments = [*node.args, *(k.value for k in node.keywords if k.arg == "mode")]
    texts = [a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return any(0 < len(t) <= 3 and set(t) <= set("rwaxbt+") and set(t) & set("wax+") for t in texts)


def writes(node):
    owner, name = name_of(node)
    given = [*node.args, *(k.value for k in node.keywords if k.arg in ("path_or_buf", "path"))]
    if name in ("open", "ZipFile"):
        return opens_to_write(node)
    if (owner, name) in DUMPS:
        return len(node.args) > 1 or any(k.arg == "stream" for k in node.keywords)
    if name in METHODS or (owner, name) in OF_MODULES:
        return True
    if name in OWN and owner != "pyreadstat":
        return False
    return name in FUNCTIONS and bool(given)


def safe_names(node):
    """Names that a ``with`` binds to what takes the target's place once it is finished."""
    return {
        item.optional_vars.id
        for item in node.items
        if isinstance(item.context_expr, ast.Call)
        and name_of(item.context_expr)[1] in WAYS
        and isinstance(item.optional_vars, ast.Name)
    }


def unsafe_writers(tree):
    """Function and line of every call that writes a file under its final name."""
    found = []

    def visit(node, function, safe):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            function, safe = node.name, set() if isinstance(node, ast.FunctionDef) else safe
        if isinstance(node, ast.With):
            safe = safe | safe_names(node)
        if isinstance(node, ast.Call) and writes(node):
            used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            if not used & safe:
                found.append((function, node.lineno))
        for child in ast.iter_child_nodes(node):
            visit(child, function, safe)

    visit(tree, "", set())
    return found


def test_no_file_is_written_under_its_final_name():
    files = sorted(SCRIPTS.rglob("*.py"))
    assert len(files) > 500
    found = {
        (file.relative_to(SCRIPTS).as_posix(), function): line
        for file in files
        for function, line in unsafe_writers(ast.parse(file.read_bytes()))
    }
    assert set(found) - set(EXCEPTIONS) == set()
    assert set(EXCEPTIONS) - set(found) == set()


@pytest.mark.parametrize(
    ("code", "unsafe"),
    [
        ("Path(p).write_text(t)", True),
        ("(folder / 'a').write_bytes(t)", True),
        ("open(p, 'w')", True),
        ("open(p, mode='ab')", True),
        ("p.open('r+b')", True),
        ("open(p)", False),
        ("p.open('rb')", False),
        ("p.open(encoding='utf-8')", False),
        ("frame.to_csv(p, index=False)", True),
        ("frame.to_csv(index=False)", False),
        ("figure.savefig(p, format='svg')", True),
        ("pq.write_table(t, p)", True),
        ("write_table(t, p, 'adsl')", False),
        ("shutil.copy(a, b)", True),
        ("frame.copy()", False),
        ("zipfile.ZipFile(p)", False),
        ("zipfile.ZipFile(p, 'w')", True),
        ("json.dump(x, f)", True),
        ("yaml.safe_dump(x, sort_keys=False)", False),
        ("pyreadstat.write_xport(f, p)", True),
        ("write_xport(f, p)", False),
        ("with whole_file(p) as q:\n  q.write_text(t)", False),
        ("with whole_file(p) as q:\n  p.write_text(t)", True),
        ("with whole_folder(p) as q:\n  (q / 'a').write_text(t)", False),
        ("with whole_file(p) as q, q.open('w') as f:\n  f.write(t)", False),
        ("with whole_file(p) as q:\n  pass\nq.write_text(t)", True),
        ("with other(p) as q:\n  q.write_text(t)", True),
    ],
)
def test_what_counts_as_a_writer(code, unsafe):
    assert bool(unsafe_writers(ast.parse(code))) == unsafe
