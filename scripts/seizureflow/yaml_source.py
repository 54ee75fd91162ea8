"""Reads YAML files as plain data while keeping the line of every key."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from seizureflow.problems import InputError, Problem

Key = tuple[str | int, ...]

# A plan has hundreds of entries; aliases of aliases can stand for billions.
_MOST_ENTRIES = 100_000
_MOST_BYTES = 4 * 1024 * 1024
_DEEPEST = 50
_LARGEST_NUMBER = 1e15


@dataclass(frozen=True)
class YamlSource:
    """A YAML file as data, with the line on which each key stands."""

    path: Path
    data: Any
    lines: dict[Key, int]

    def where(self, key: Key) -> str:
        """Name the place of a key (or of its nearest parent that has a line)."""
        nearest = key
        while nearest and nearest not in self.lines:
            nearest = nearest[:-1]
        line = self.lines.get(nearest)
        place = f"{self.path}, line {line}" if line else str(self.path)
        return f"{place}, {dotted(key)}" if key else place


def dotted(key: Key) -> str:
    """Write a key as ``analyses[2].method``."""
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


class _PlainLoader(yaml.SafeLoader):
    """Builds plain data alone; a date stays the text that it is, and a key the text that it was.

    A plan's keys name columns and values of raw files: ``No`` and ``01`` are what the file holds.
    """

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Build a value, with the place in the file where it cannot be built."""
        try:
            value = super().construct_object(node, deep)
        except (ValueError, KeyError, AttributeError, TypeError):
            raise yaml.constructor.ConstructorError(
                None, None, "the value is not of the type that it has", node.start_mark
            ) from None
        if isinstance(value, int | float) and not abs(value) <= _LARGEST_NUMBER:
            raise yaml.constructor.ConstructorError(
                None, None, "a number is too large, or none", node.start_mark
            )
        return value

    def construct_mapping(self, node: yaml.Node, deep: bool = False) -> dict[Hashable, Any]:
        """Build a mapping whose keys are text."""
        if not isinstance(node, yaml.MappingNode):
            raise yaml.constructor.ConstructorError(
                None, None, "a tag says mapping of what is none", node.start_mark
            )
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep) for key, value in node.value}


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _TooLargeError(Exception):
    """The file holds more than a plan can."""


def read_yaml(path: Path) -> YamlSource:
    """Read a YAML file.

    Raises:
        InputError: The file is missing, is not UTF-8 YAML, holds a key twice, or uses tags that
            would build anything but plain data.
    """
    lines: dict[Key, int] = {}
    twice: list[Problem] = []
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _TooLargeError(f"has more than {_MOST_BYTES:,} bytes")
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=_PlainLoader)
        if root is not None:
            _walk(root, (), lines, twice, path)
        if twice:
            raise InputError(twice)
        data = None if root is None else _PlainLoader("").construct_document(root)
    except (_TooLargeError, RecursionError) as error:
        why = str(error) if isinstance(error, _TooLargeError) else "is nested without end"
        raise InputError(
            [Problem(str(path), f"The file {why}.", action="Write it without aliases.")]
        ) from None
    except FileNotFoundError:
        raise InputError(
            [Problem(str(path), "The file does not exist.", action="Create it, or mend its name.")]
        ) from None
    except OSError as error:
        raise InputError([Problem(str(path), f"It cannot be read: {error.strerror}.")]) from None
    except UnicodeDecodeError as error:
        raise InputError(
            [
                Problem(
                    str(path),
                    f"The file is not UTF-8: {error.reason} at byte {error.start}.",
                    action="Save it as UTF-8.",
                )
            ]
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        what = getattr(error, "problem", None) or str(error)
        raise InputError(
            [Problem(f"{path}{line}", f"The file is not valid YAML: {what}.", action=_advice(what))]
        ) from None
    return YamlSource(path, data, lines)


def _advice(what: str) -> str:
    """What to do about the faults of indentation, which the YAML library words for programmers."""
    if "\\t" in what:
        return "Indent with blanks; YAML allows no tabs there."
    if "<block end>" in what:
        return "Let entries that belong together begin in the same column, here or just above."
    return ""


def _walk(
    node: yaml.Node, key: Key, lines: dict[Key, int], twice: list[Problem], path: Path
) -> None:
    lines.setdefault(key, node.start_mark.line + 1)
    if len(lines) > _MOST_ENTRIES:
        raise _TooLargeError(f"has more than {_MOST_ENTRIES:,} entries, aliases written out")
    if len(key) > _DEEPEST:
        raise _TooLargeError(f"is nested more than {_DEEPEST} deep")
    if isinstance(node, yaml.MappingNode):
        seen: dict[Hashable, int] = {}
        for key_node, value in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                twice.append(Problem(f"{path}, line {line}", "A key is not a word."))
                continue
            name = key_node.value
            if name in seen:
                twice.append(
                    Problem(
                        f"{path}, line {line}, {dotted((*key, name))}",
                        f"The key stands twice; the first is on line {seen[name]}.",
                        action="Keep one of them.",
                    )
                )
            seen[name] = line
            lines[(*key, name)] = line
            _walk(value, (*key, name), lines, twice, path)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*key, index), lines, twice, path)
