import hashlib
import os
from modulefinder import ModuleFinder
from pathlib import Path

import pytest
from seizureflow.code_dependencies import code_files, code_hash, content_hash
from seizureflow.registry import METHODS

SCRIPTS = Path(__file__).parents[2] / "scripts"
RULE_SCRIPTS = sorted(path.name for path in SCRIPTS.glob("*.py"))


@pytest.fixture
def tree(tmp_path):
    files = {
        "run.py": "from pack.first import thing\nimport json\n",
        "pack/__init__.py": "",
        "pack/first.py": "from . import second\n",
        "pack/second.py": "def f():\n    from .inner.third import x\n",
        "pack/inner/__init__.py": "",
        "pack/inner/third.py": "x = 1\n",
        "pack/unused.py": "",
        "pack/by_name.py": "from pack import unused\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def names(files, root):
    return [file.relative_to(root).as_posix() for file in files]


def test_imports_are_followed(tree):
    assert names(code_files(tree / "run.py", tree), tree) == [
        "pack/__init__.py",
        "pack/first.py",
        "pack/inner/__init__.py",
        "pack/inner/third.py",
        "pack/second.py",
        "run.py",
    ]


def test_modules_loaded_by_name_are_added(tree):
    found = names(code_files(tree / "run.py", tree, ["pack.by_name"]), tree)
    assert {"pack/by_name.py", "pack/unused.py"} <= set(found)


def test_hash_follows_content_not_time(tree):
    before = code_hash(tree / "run.py", tree)
    os.utime(tree / "pack" / "second.py", (0, 0))
    assert code_hash(tree / "run.py", tree) == before
    (tree / "pack" / "unused.py").write_text("y = 2\n")
    assert code_hash(tree / "run.py", tree) == before


@pytest.mark.parametrize("script", RULE_SCRIPTS)
def test_same_modules_as_the_standard_library_finds(script):
    """An independent road: the standard library's module finder, which follows byte-code."""
    finder = ModuleFinder(path=[str(SCRIPTS)], excludes=["snakemake"])
    finder.run_script(str(SCRIPTS / script))
    expected = {Path(m.__file__).resolve() for m in finder.modules.values() if m.__file__}
    found = {path.resolve() for path in code_files(SCRIPTS / script, SCRIPTS)}
    assert found == expected | {(SCRIPTS / script).resolve()}


@pytest.mark.parametrize("method", METHODS)
def test_an_analysis_depends_on_its_own_method_alone(method):
    files = names(
        code_files(SCRIPTS / "run_analysis.py", SCRIPTS, [f"seizureflow.methods.{method}"]), SCRIPTS
    )
    methods = {Path(name).stem for name in files if name.startswith("seizureflow/methods/")}
    assert methods <= {"__init__", "common_statistics", method}
    assert method in methods


def test_hash_is_of_names_and_content(tree):
    before = code_hash(tree / "run.py", tree)
    (tree / "pack" / "second.py").write_text("from .inner.third import x  # changed\n")
    assert code_hash(tree / "run.py", tree) != before
    assert len(before) == len(hashlib.sha256().hexdigest())


def test_the_hash_of_content_knows_neither_names_nor_dates(tmp_path):
    first, copy, other = (tmp_path / name for name in ("first", "copy", "other"))
    first.write_bytes(b"day,count\n1,2\n")
    copy.write_bytes(first.read_bytes())
    other.write_bytes(b"day,count\n1,3\n")
    for file in (copy, other):
        os.utime(file, (0, 0))
    assert content_hash([first]) == content_hash([copy]) != content_hash([other])
    assert content_hash([first, other]) != content_hash([other, first])
