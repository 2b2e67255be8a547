"""Prints what data classes cost to define and to use: ours, and those of the standard library.

python bench/classes.py
"""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable
from typing import Any

COUNT = 230
"""About as many as a compile of a workflow imports."""
BODY = "    a: int\n    b: str\n    c: object = None\n"

OURS = "from wfc.compiler.data.struct import Struct\n" + "".join(
    f"class C{number}(Struct):\n{BODY}" for number in range(COUNT)
)
STANDARD = "from dataclasses import dataclass\n" + "".join(
    f"@dataclass(frozen=True, slots=True)\nclass C{number}:\n{BODY}" for number in range(COUNT)
)


def nanoseconds(action: Callable[[], object]) -> float:
    """How long an action takes, the fastest of five rounds."""
    return min(timeit.repeat(action, number=100_000, repeat=5)) / 100_000 * 1e9


def figures(new: Callable[..., object]) -> str:
    """What instances of a class cost."""
    one: Any = new(1, "x")
    other = new(1, "x")
    uses = (lambda: new(1, "x"), lambda: one.b, lambda: one == other, lambda: hash(one))
    return "".join(f"{nanoseconds(use):6.0f} ns" for use in uses)


def main() -> None:
    print(f"{'':12}{COUNT} classes      new      get       ==     hash")
    for name, source in (("ours", OURS), ("dataclasses", STANDARD)):
        code = compile(f"from __future__ import annotations\n{source}", name, "exec")
        names: dict[str, Any] = {"__name__": "__main__"}
        start = time.perf_counter()
        exec(code, names)
        made = time.perf_counter() - start
        print(f"{name:12}{made * 1000:8.1f} ms{figures(names['C5'])}")


if __name__ == "__main__":
    main()
