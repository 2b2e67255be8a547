"""Evaluates expressions with the reference implementation of JSONata, 2.0.6, in a node process."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from tests.jsonata.install import FOLDER, ensure
from tests.npm import tool


@dataclass(frozen=True, slots=True)
class Result:
    """A value, or nothing at all (``undefined``), or an error with its code. ``depth`` is how
    deeply evaluations nested."""

    value: Any = None
    undefined: bool = False
    error: str = ""
    message: str = ""
    depth: int = 0

    @property
    def failed(self) -> bool:
        """Whether Step Functions fails a field with it."""
        return self.undefined or bool(self.error)


def _number(text: str) -> int | float:
    """JavaScript writes a double beyond 2**53 with zeros in place of its last digits."""
    value = int(text)
    return value if abs(value) <= 2**53 else float(text)


class ParseError(Exception):
    """The expression does not parse; the code of the reference implementation."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code


class Oracle:
    """One node process."""

    def __init__(self) -> None:
        ensure()
        self.process = subprocess.Popen(
            [tool("node"), str(FOLDER / "evaluate.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Oracle:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)

    def evaluate(self, expression: str, bindings: Sequence[Mapping[str, Any]]) -> list[Result]:
        """The results of one expression for several sets of variables.

        Raises:
            ParseError: it does not parse.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        request = {"expression": expression, "bindings": bindings}
        self.process.stdin.write(json.dumps(request, allow_nan=False) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("node ended")
        answer = json.loads(line, parse_int=_number)
        if "error" in answer:
            raise ParseError(answer["error"], answer["message"])
        return [Result(**result) for result in answer["results"]]
