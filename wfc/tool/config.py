"""Reads ``[tool.wfc]`` of the nearest pyproject.toml."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from wfc.compiler.data.struct import Struct, field
from wfc.compiler.diagnostics.words import closest, question

if TYPE_CHECKING:
    from wfc.backends.base import Backend

OWN_KEYS: Final = ("targets", "lint")
"""What ``[tool.wfc]`` holds beside the settings of each backend."""
_NAME: Final = re.compile(r"[a-z0-9_-]{3,256}")


class Config(Struct):
    """``table`` is ``[tool.wfc]`` as written; ``path`` is the file it stands in, None when no
    pyproject.toml with such a table was found."""

    table: Mapping[str, Any] = field(factory=dict)
    path: Path | None = None

    def check(self) -> None:
        """Whether everything in the table means something; loads the backends that have settings.

        Raises:
            ConfigError: a setting or target that nobody knows, or a value of the wrong kind.
        """
        from wfc.compiler.checks.linting.settings import SettingsError, from_table

        self.check_targets()
        try:
            from_table(self.section("lint"))
        except SettingsError as error:
            raise ConfigError(f"{self.path}: tool.wfc.lint: {error}") from error
        self.check_sections()

    def check_sections(self) -> None:
        """Whether the settings of the targets mean something.

        Raises:
            ConfigError: one does not.
        """
        for target in self.table:
            if target not in OWN_KEYS:
                self._check_section(target)

    def check_targets(self) -> None:
        """Whether the engines that the project cares for are installed, and can be used.

        Raises:
            ConfigError: one is not, or cannot.
        """
        from wfc.backends import registry

        for name in self.targets:
            if not registry.exists(name):
                raise ConfigError(
                    f"{self.path}: tool.wfc.targets: unknown target '{name}'"
                    f"{_nearest(name, registry.names())}"
                )
            _load(name, f"{self.path}: tool.wfc.targets")

    def _check_section(self, target: str) -> None:
        known = _load(target, f"{self.path}: tool.wfc.{target}").settings
        for name, value in self.section(target).items():
            place = f"{self.path}: tool.wfc.{target}"
            if name not in known:
                raise ConfigError(f"{place}: unknown setting '{name}'{_nearest(name, known)}")
            match known[name]:
                case "name" if not (isinstance(value, str) and _NAME.fullmatch(value)):
                    text = "must be a name: 3 to 256 of a-z, 0-9, - and _"
                    raise ConfigError(f"{place}: '{name}' {text}")
                case "texts" if not _is_table_of_texts(value):
                    raise ConfigError(f"{place}: '{name}' must be a table of texts")

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
        ConfigError: that file is no TOML, or the table has an unknown key or a value of the wrong
            type.
    """
    start = Path(os.path.realpath(start))  # which does not mind a circle of links
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
        if name not in OWN_KEYS:
            _check_is_target(name, path)
        if name != "targets" and not isinstance(value, dict):
            raise ConfigError(f"{path}: tool.wfc.{name} must be a table")
    return table


def _load(target: str, place: str) -> Backend:
    from wfc.backends import registry

    try:
        return registry.load(target)
    except registry.BackendBroken as error:
        raise ConfigError(f"{place}: {error}") from error


def _check_is_target(name: str, path: Path) -> None:
    from wfc.backends import registry

    if not registry.exists(name):
        hint = _nearest(name, [*OWN_KEYS, *registry.names()])
        raise ConfigError(f"{path}: unknown setting 'tool.wfc.{name}'{hint}")


def _is_table_of_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _nearest(name: str, known: Iterable[str]) -> str:
    """The end of a sentence that refuses a name: the near one, else all there are."""
    names = sorted(known)
    return question(closest(name, names)) or f"; there are {', '.join(names)}"
