"""``validate_all``: one source, what each target makes of it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from wfc.backends import registry
from wfc.backends.base import Emission, Options
from wfc.compiler.diagnostics.model import has_errors
from wfc.compiler.pipeline import read


@dataclass(frozen=True, slots=True)
class Unsupported:
    """The target refuses the source with a diagnostic of this code."""

    code: str


def validate_all(source: str, write: Mapping[str, str | Unsupported]) -> None:
    """Compile a module to several targets and compare.

    Args:
        source: the module; common indentation is ignored.
        write: by target, the text of the main file, common indentation ignored, or the refusal.

    Raises:
        AssertionError: the source has errors, or a target makes something else of it.
    """
    reading = read("flow.py", textwrap.dedent(source))
    problems = [f"{d.span.line}: {d.code.code} {d.message}" for d in reading.diagnostics]
    assert reading.module is not None, "\n".join(problems)
    for target, wanted in write.items():
        emission = registry.load(target).emit(reading.module, reading.module.workflows, Options())
        codes = {found.code.code for found in emission.diagnostics if found.severity == "error"}
        if isinstance(wanted, Unsupported):
            assert wanted.code in codes, f"{target}: expected {wanted.code}, got {codes or 'code'}"
            continue
        assert not has_errors(emission.diagnostics), f"{target} refuses it: {codes}"
        assert _main(emission) == textwrap.dedent(wanted).strip(), f"{target} wrote something else"


def _main(emission: Emission) -> str:
    return "\n".join(file.text for file in emission.files if file.main).strip()
