"""The lock, the licences of what it names, and the page that lists them."""

import json
import shutil
import subprocess
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from seizureflow.supply_chain.audit import main
from seizureflow.supply_chain.licence_table import (
    NOT_INSTALLED,
    Licensed,
    licence_page,
    licence_problems,
    with_licences,
)
from seizureflow.supply_chain.licences import kind_of, licence_of
from seizureflow.supply_chain.locked_packages import LockedPackage, lock_problems, read_lock

ROOT = Path(__file__).parents[3]
LOCK = read_lock(ROOT / "uv.lock")
UV = ROOT / ".tools" / "bin" / "uv"


def test_what_a_run_needs_is_told_from_what_development_needs():
    for_runs = {package.name: package.for_runs for package in LOCK}
    assert for_runs["numpy"]  # named by the project
    assert for_runs["pygments"]  # by an extra of what it names
    assert for_runs["python-dateutil"]  # by what that names
    assert not for_runs["pytest"]
    assert "seizureflow" not in for_runs


def test_every_locked_file_has_its_hash():
    assert lock_problems(LOCK) == []
    assert sum(len(package.hashes) for package in LOCK) > 1000


ENTRY = """
[[package]]
name = "seizureflow"
version = "1"
source = { editable = "." }
dependencies = [{ name = "tool" }]

[[package]]
name = "tool"
version = "2"
source = { %s }
%s
"""
INDEX = 'registry = "https://index"'


@pytest.mark.parametrize(
    ("source", "files", "said"),
    [
        (INDEX, 'wheels = [{ url = "u", hash = "sha256:00" }]', None),
        (INDEX, 'wheels = [{ url = "u", hash = "md5:00" }]', "A file of it has no SHA-256."),
        (INDEX, 'wheels = [{ url = "u" }]', "A file of it has no SHA-256."),
        (INDEX, 'sdist = { url = "u" }', "A file of it has no SHA-256."),
        (INDEX, "", "A file of it has no SHA-256."),
        ('git = "https://place"', "", "It does not come from a package index."),
    ],
)
def test_a_lock_that_does_not_hold(tmp_path, source, files, said):
    (tmp_path / "uv.lock").write_text(ENTRY % (source, files), encoding="utf-8")
    problems = lock_problems(read_lock(tmp_path / "uv.lock"))
    assert [problem.what for problem in problems] == ([said] if said else [])


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("MIT", "permissive"),
        ("BSD-3-Clause AND MPL-2.0", "weak copyleft"),
        ("Apache-2.0 OR GPL-3.0-or-later", "permissive"),
        ("Apache-2.0 AND GPL-3.0-or-later", "strong copyleft"),
        ("LGPL-2.1-only", "weak copyleft"),
        ("AGPL-3.0-only", "strong copyleft"),
        ("GPL", "strong copyleft"),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", "strong copyleft"),
        ("MIT AND Hearsay-1.0", "unknown"),
        ("(MIT OR GPL-3.0-only) AND BSD-3-Clause", "unknown"),
        ("", "unknown"),
    ],
)
def test_kinds_of_licences(expression, kind):
    assert kind_of(expression) == kind


def installed_with(folder: Path, *metadata: str, licence: str = "") -> Distribution:
    """An installed package with some metadata."""
    info = folder / "tool-2.dist-info"
    info.mkdir()
    lines = ["Metadata-Version: 2.1", "Name: tool", "Version: 2", *metadata, ""]
    (info / "METADATA").write_text("\n".join(lines), encoding="utf-8")
    (info / "LICENSE").write_text(licence, encoding="utf-8")
    (info / "RECORD").write_text("tool-2.dist-info/LICENSE,,\n", encoding="utf-8")
    return Distribution.at(info)


@pytest.mark.parametrize(
    ("metadata", "licence", "found"),
    [
        (["License-Expression: MIT OR Apache-2.0", "License: nonsense"], "", "MIT OR Apache-2.0"),
        (["License: 2-clause BSD"], "", "BSD-2-Clause"),
        (["License: all of it\n        in the field"], "MIT License\n", "MIT"),
        (["Classifier: License :: OSI Approved :: BSD License"], "", "BSD"),
        (
            [
                "Classifier: License :: OSI Approved :: GNU General Public License (GPL)",
                "Classifier: License :: OSI Approved :: MIT License",
            ],
            "",
            "GPL AND MIT",  # several are taken for all that apply
        ),
        ([], "\nMIT License\n\nCopyright", "MIT"),
        ([], "Do as you like\n", ""),
    ],
)
def test_where_a_licence_is_told(tmp_path, metadata, licence, found):
    assert licence_of(installed_with(tmp_path, *metadata, licence=licence)) == found


@pytest.mark.parametrize(
    ("for_runs", "installed", "licence", "said"),
    [
        (True, "2", "MIT", None),
        (True, "2", "MPL-2.0", None),
        (True, "2", "GPL-3.0-only", "Its licence is strong copyleft, and a run needs it."),
        (False, "2", "GPL-3.0-only", None),
        (True, "2", "", "Its licence is unknown, and a run needs it."),
        (False, "2", "", "Its licence is unknown."),
        (True, "3", "MIT", "Another version is installed than the lock names."),
        (True, None, "", None),
    ],
)
def test_what_is_allowed(for_runs, installed, licence, said):
    package = LockedPackage("tool", "2", for_runs, "https://index", ("sha256:00",))
    problems = licence_problems([Licensed(package, installed, licence)])
    assert [problem.what for problem in problems] == ([said] if said else [])


def test_docutils_has_nothing_under_the_gpl():
    """The file that its metadata name a GPL for is not among those installed."""
    assert not [file for file in distribution("docutils").files if file.suffix == ".el"]


def test_the_page_lists_the_lock_and_what_is_installed():
    """A package for another platform, or of a group that is not installed, keeps its line."""
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8").splitlines()
    fresh = licence_page(with_licences(LOCK)).splitlines()
    assert len(page) == len(fresh), "write it anew: make licences"
    for old, new in zip(page, fresh, strict=True):
        named = new.split(f"| {NOT_INSTALLED} |")[0]
        assert old.startswith(named) if NOT_INSTALLED in new else old == new


def test_the_audit_passes_on_this_environment(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main([]) == 0
    assert f"{len(LOCK)} packages with" in capsys.readouterr().out


def test_the_audit_says_all_that_is_wrong(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    numpy = ENTRY.replace('"tool"', '"numpy"') % (INDEX, "")
    Path("uv.lock").write_text(numpy, encoding="utf-8")
    assert main(["--write"]) == 1
    said = capsys.readouterr().err
    assert "2 problems were found." in said
    assert "package numpy\n    A file of it has no SHA-256." in said
    assert "package numpy 2\n    Another version is installed" in said
    assert not Path("docs").exists()


@pytest.mark.skipif(not UV.is_file(), reason="make has not installed uv in .tools")
def test_the_bill_of_materials_lists_what_a_run_needs(tmp_path):
    shutil.copy(ROOT / "uv.lock", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    command = [UV, "export", "--offline", "--frozen", "--no-dev", "--format", "cyclonedx1.5"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    bill = json.loads(run.stdout)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    listed = {(part["name"], part["version"]): part for part in bill["components"]}
    assert set(listed) == {(p.name, p.version) for p in LOCK if p.for_runs}
    files = listed["typst", "0.15.2"]["externalReferences"]
    assert all(file["hashes"][0]["alg"] == "SHA-256" for file in files)
