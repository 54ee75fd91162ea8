"""The two recipes of containers make the same thing from the same lock; neither can be built here."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from workflow.conftest import PARTS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "containers"
NEEDED_TO_INSTALL = {"pyproject.toml", "uv.lock", "README.md", "LICENSE"}


def dockerfile() -> list[list[str]]:
    """Stages of the Dockerfile as their instructions, comments left out and lines joined."""
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    stages: list[list[str]] = []
    for line in lines:
        if line.startswith("FROM "):
            stages.append([])
        stages[-1].append(line)
    return stages


def definition() -> dict[str, list[str]]:
    """Sections of the Apptainer definition as their lines; the head is the section ``""``."""
    sections: dict[str, list[str]] = {"": []}
    name = ""
    for line in (FOLDER / "seizureflow.def").read_text(encoding="utf-8").splitlines():
        if line.startswith("%"):
            name = line[1:]
            sections[name] = []
        elif line.strip() and not line.startswith("#"):
            sections[name].append(line.strip())
    return sections


def docker_bases() -> set[str]:
    return {stage[0].split()[1].removeprefix("docker.io/library/") for stage in dockerfile()}


def docker_copies() -> set[str]:
    copies = [line.split()[1:] for line in dockerfile()[0] if line.startswith("COPY ")]
    return {source for *sources, _ in copies for source in sources}


def apptainer_copies() -> dict[str, str]:
    return dict(line.split() for line in definition()["files"])


def test_both_have_one_base_and_it_has_a_python_that_the_project_allows():
    (base,) = docker_bases()
    assert definition()[""] == ["Bootstrap: docker", f"From: {base}"]
    version = re.fullmatch(r"python:(3\.\d+)-slim-\w+", base)[1]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert SpecifierSet(project["requires-python"]).contains(version)


def test_both_pin_the_uv_of_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    version = re.search(r"^UV_VERSION := (.*)$", makefile, re.MULTILINE)[1]
    for name in ("Dockerfile", "seizureflow.def"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert re.findall(r"\buv==(\S+)", text) == [version], name


def test_both_install_the_lock_and_nothing_else():
    runs = [line for stage in dockerfile() for line in stage if line.startswith("RUN ")]
    in_docker = re.findall(r"uv sync [^&]*", " ".join(runs))
    in_apptainer = [line for line in definition()["post"] if line.startswith("uv ")]
    assert [line.strip() for line in in_docker] == in_apptainer
    assert "--frozen --no-dev" in in_apptainer[0]
    text = " ".join([*runs, *definition()["post"]])
    assert text.count("pip install") == 2  # uv itself, once in each
    assert not re.search(r"\b(curl|wget|apt-get|git)\b", text)


def test_both_hold_every_part_of_the_workflow_and_the_lock():
    wanted = {*PARTS, *NEEDED_TO_INSTALL}
    assert docker_copies() == wanted
    assert set(apptainer_copies()) == wanted
    for part in wanted:
        assert (ROOT / part).exists(), part
        assert apptainer_copies()[part] == f"/opt/seizureflow/{part}"


def test_the_image_is_not_run_as_root():
    last = dockerfile()[-1]
    users = [line.split()[1] for line in last if line.startswith("USER ")]
    assert len(users) == 1
    assert users[0] not in ("root", "0")
    after = last[last.index(f"USER {users[0]}") + 1 :]
    assert not [line for line in after if line.startswith(("RUN", "COPY", "ADD"))]


def test_only_known_instructions():
    known = {"FROM", "RUN", "COPY", "ENV", "WORKDIR", "USER", "ENTRYPOINT", "CMD"}
    assert {line.split()[0] for stage in dockerfile() for line in stage} <= known
    sections = {"", "files", "post", "environment", "runscript", "test", "labels", "help"}
    assert set(definition()) <= sections


def shell_texts() -> dict[str, str]:
    runs = [line.removeprefix("RUN ") for stage in dockerfile() for line in stage]
    texts = {f"RUN {number}": line for number, line in enumerate(runs) if " " in line}
    texts = {name: text for name, text in texts.items() if not re.match(r"[A-Z]+ ", text)}
    parts = ("post", "environment", "runscript", "test")
    return texts | {name: "\n".join(definition()[name]) for name in parts}


@pytest.mark.parametrize(("name", "text"), shell_texts().items(), ids=lambda value: value[:12])
def test_the_shell_can_read_every_command(name, text):
    run = subprocess.run(["sh", "-n"], input=text, text=True, capture_output=True, check=False)
    assert run.returncode == 0, f"{name}: {run.stderr}"


def test_steps_are_run_in_the_image_that_the_page_says_how_to_build():
    named = re.search(r'^container: "(.*)"$', (ROOT / "Snakefile").read_text("utf-8"), re.MULTILINE)
    page = (ROOT / "docs" / "environments.md").read_text(encoding="utf-8")
    assert f"\napptainer build {named[1]} containers/seizureflow.def\n" in page
