"""``[tool.wfc.lint]``: which rules run, where, and what they may trust."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.words import closest, question

KEYS: Final = (
    "select",
    "extend-select",
    "ignore",
    "extend-ignore",
    "exclude",
    "per-path-ignores",
    "trusted",
    "strict",
    "baseline",
)
ALL: Final = "ALL"
_SELECTING: Final = ("select", "extend-select", "ignore", "extend-ignore")
_DIGITS: Final = str.maketrans("OILSB", "01158")
"""Letters that look like digits."""


class SettingsError(Exception):
    """A setting cannot be used; the message names it."""


class Settings(Struct):
    """``select`` and ``ignore`` hold codes, rule names, or beginnings of codes (``WFC10``). An
    empty ``select`` means every rule that is on by default. ``per_path`` ignores below file
    patterns; ``trusted`` are patterns of dotted names that are deterministic whatever they do.
    Patterns of files mean paths below ``folder``, the project's; without one, paths as they are."""

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_path: tuple[tuple[str, tuple[str, ...]], ...] = ()
    trusted: tuple[str, ...] = ()
    strict: bool = False
    baseline: str = ""
    folder: str = ""

    @property
    def selectors(self) -> tuple[str, ...]:
        """Everything that should name rules."""
        listed = (code for _, codes in self.per_path for code in codes)
        return (*self.select, *self.extend_select, *self.ignore, *listed)

    def trusts(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self.trusted)

    def in_project(self, path: str) -> str:
        """A path with forward slashes, below the project's folder where it is there."""
        if not self.folder:
            return path
        absolute = os.path.abspath(path)
        return absolute.removeprefix(self.folder.rstrip(os.sep) + os.sep).replace(os.sep, "/")

    def excluded(self, path: str) -> bool:
        if not self.exclude:
            return False
        path = self.in_project(path)
        return any(matches_path(path, pattern) for pattern in self.exclude)

    def ignores(self, path: str, code: str, name: str) -> bool:
        """Whether a code does not count at all, or not in a file."""
        listed = (*self.ignore, *self.ignored_in(path))
        return any(covers(selector, code, name) for selector in listed)

    def ignored_in(self, path: str) -> list[str]:
        """The codes and names that do not count in a file."""
        if not self.per_path:
            return []
        path = self.in_project(path)
        return [
            code
            for pattern, codes in self.per_path
            if matches_path(path, pattern)
            for code in codes
        ]


def from_table(table: Mapping[str, Any]) -> Settings:
    """The settings in ``[tool.wfc.lint]``.

    Raises:
        SettingsError: an unknown key, or a value of the wrong type.
    """
    for key in table:
        if key not in KEYS:
            hint = question(closest(key.lower(), KEYS))
            raise SettingsError(f"unknown setting '{key}'{hint}")
    per_path = table.get("per-path-ignores", {})
    if not isinstance(per_path, Mapping):
        raise SettingsError("'per-path-ignores' must be a table of file patterns")
    strict = table.get("strict", False)
    if not isinstance(strict, bool):
        raise SettingsError("'strict' must be true or false")
    baseline = table.get("baseline", "")
    if not isinstance(baseline, str) or "\0" in baseline:
        raise SettingsError("'baseline' must be the path of a file")
    return Settings(
        select=_words(table, "select"),
        extend_select=_words(table, "extend-select"),
        ignore=(*_words(table, "ignore"), *_words(table, "extend-ignore")),
        exclude=_words(table, "exclude"),
        per_path=tuple(
            (pattern, _words(per_path, pattern, "per-path-ignores: ")) for pattern in per_path
        ),
        trusted=_words(table, "trusted"),
        strict=strict,
        baseline=baseline,
    )


def schema() -> str:
    """The JSON Schema of ``[tool.wfc.lint]``, as text."""
    from importlib.resources import files

    return files(__package__).joinpath("settings.schema.json").read_text(encoding="utf-8")


def _words(table: Mapping[str, Any], key: str, inside: str = "") -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise SettingsError(f"{inside}'{key}' must be a list of texts")
    return tuple(value)


def matches_path(path: str, pattern: str) -> bool:
    """Whether a file pattern covers a path: the path itself, a folder above it, or its name."""
    clean = path.replace("\\", "/").removeprefix("./")
    pattern = pattern.rstrip("/")
    name = clean.rpartition("/")[2]
    folders = clean.split("/")
    parents = ("/".join(folders[:end]) for end in range(1, len(folders) + 1))
    return (
        fnmatchcase(clean, pattern)
        or fnmatchcase(name, pattern)
        or any(fnmatchcase(parent, pattern) for parent in parents)
        or fnmatchcase(clean, f"*/{pattern}")
        or fnmatchcase(clean, f"*/{pattern}/*")
    )


def covers(selector: str, code: str, name: str) -> bool:
    """Whether a code, a rule name or the beginning of a code means a rule."""
    if selector in (ALL, name):
        return True
    return selector.startswith("WFC") and code.startswith(selector)


def check_table(table: Mapping[str, Any], known: Mapping[str, str]) -> None:
    """As :func:`check_selectors`, for all of ``[tool.wfc.lint]``; the message names the setting.

    Raises:
        SettingsError: a selector means no rule.
    """
    listed = [(key, table.get(key, ())) for key in _SELECTING]
    listed += [(key, codes) for key, codes in table.get("per-path-ignores", {}).items()]
    for key, selectors in listed:
        try:
            check_selectors(selectors, known)
        except SettingsError as error:
            raise SettingsError(f"'{key}': {error}") from error


def check_selectors(selectors: Iterable[str], known: Mapping[str, str]) -> None:
    """``known`` maps codes to names.

    Raises:
        SettingsError: a selector means no rule.
    """
    for selector in selectors:
        if not any(covers(selector, code, name) for code, name in known.items()):
            hint = question(closest_rule(selector, [*known, *known.values()]))
            raise SettingsError(f"no rule '{selector}'{hint}")


def closest_rule(word: str, known: Collection[str]) -> str:
    """The code or rule name that is meant, empty when none is close. Codes with near numbers have
    nothing to do with each other; what is meant is a code with its digits typed as letters."""
    if not word.upper().startswith("WFC"):
        return closest(word.lower(), known)
    code = "WFC" + word.upper()[3:].translate(_DIGITS).strip("- _")
    return code if code in known else ""
