"""Reads ``[tool.wfc]`` of the nearest pyproject.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Config:
    """``table`` is ``[tool.wfc]`` as written; ``path`` is the file it stands in, None when no
    pyproject.toml with such a table was found."""

    table: Mapping[str, Any] = field(default_factory=dict)
    path: Path | None = None

    @property
    def targets(self) -> tuple[str, ...]:
        """The engines the project cares for; empty when it does not say."""
        return tuple(self.table.get("targets", ()))

    def section(self, name: str) -> Mapping[str, Any]:
        """``[tool.wfc.<name>]``, empty when it is missing."""
        section: Mapping[str, Any] = self.table.get(name, {})
        return section


class ConfigError(Exception):
    """pyproject.toml cannot be used; the message names the file and the reason."""


def load(start: Path) -> Config:
    """The configuration that holds for a file or folder: the first pyproject.toml with a
    ``[tool.wfc]`` table in its folder or one above.

    Raises:
        ConfigError: that file is no TOML, or the table has a value of the wrong type.
    """
    start = start.resolve()
    folder = start if start.is_dir() else start.parent
    for candidate in (folder, *folder.parents):
        path = candidate / "pyproject.toml"
        if not path.is_file():
            continue
        table = _table(path)
        if table is not None:
            return Config(table, path)
    return Config()


def _table(path: Path) -> Mapping[str, Any] | None:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    tool = document.get("tool", {})
    if not isinstance(tool, dict) or "wfc" not in tool:
        return None
    table = tool["wfc"]
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: tool.wfc must be a table")
    targets = table.get("targets", [])
    if not isinstance(targets, list) or not all(isinstance(name, str) for name in targets):
        raise ConfigError(f"{path}: tool.wfc.targets must be a list of target names")
    for name, value in table.items():
        if name != "targets" and not isinstance(value, dict):
            raise ConfigError(f"{path}: tool.wfc.{name} must be a table")
    return table
