"""Finds the local modules that a script imports, directly or not, and hashes their content.

A workflow that tracks this hash reruns a step when, and only when, code that the step runs has
changed in content, whatever the time stamps say.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path


@cache
def local_imports(path: Path, root: Path) -> frozenset[Path]:
    """Files below ``root`` that a Python file imports itself, packages on the way included.

    Imports are read from the source, not run; an import made at run time by name is not seen.
    """
    names: set[str] = set()
    for node in _statements(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, path, root)
            names.add(module)
            names.update(f"{module}.{alias.name}" for alias in node.names)
    return frozenset(file for name in names for file in _files(name, root))


def code_files(script: Path, root: Path, extra: Iterable[str] = ()) -> list[Path]:
    """The script and every local module that it needs, sorted.

    Args:
        script: The script.
        root: Folder that holds the local packages.
        extra: Modules that the script loads by name at run time.
    """
    waiting = [script, *(file for name in extra for file in _files(name, root))]
    found: set[Path] = set()
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting.extend(local_imports(file, root))
    return sorted(found)


def code_hash(script: Path, root: Path, extra: Iterable[str] = ()) -> str:
    """SHA-256 over names and content of :func:`code_files`."""
    digest = hashlib.sha256()
    for file in code_files(script, root, extra):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0")
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()


def content_hash(files: Iterable[Path]) -> str:
    """SHA-256 over the content of files, in the order given; their names do not count."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(_file_hash(file))
    return digest.hexdigest()


@cache
def _file_hash(file: Path) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Every statement, at any depth. An import is one: expressions need not be looked into."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for blocks in ("body", "orelse", "finalbody", "handlers", "cases"):
            waiting += getattr(node, blocks, ())


def _absolute(node: ast.ImportFrom, path: Path, root: Path) -> str:
    if not node.level:
        return node.module or ""
    package = path.parent
    for _ in range(node.level - 1):
        package = package.parent
    parts = [*package.relative_to(root).parts, *([node.module] if node.module else [])]
    return ".".join(parts)


def _files(name: str, root: Path) -> list[Path]:
    """Files of a dotted name: each package's ``__init__.py`` and the module."""
    files, folder = [], root
    for part in name.split("."):
        folder = folder / part
        if folder.with_suffix(".py").is_file():
            files.append(folder.with_suffix(".py"))
        elif (folder / "__init__.py").is_file():
            files.append(folder / "__init__.py")
        elif not folder.is_dir():
            break  # a package that is installed
    return files
