"""What the targets of a module can hold, as far as the language depends on it."""

from __future__ import annotations

from typing import Final

from wfc.compiler.data.struct import Struct


class Limits(Struct):
    """``name`` is the most characters of the name of a site, ``depth`` the most levels of an
    expression, ``integer`` the largest whole number, None without an end. The defaults are what
    the passes themselves take: deeper expressions exhaust Python's stack in one of them."""

    name: int = 80
    depth: int = 90
    integer: int | None = None

    def __and__(self, other: Limits) -> Limits:
        """What both can hold."""
        integers = [one for one in (self.integer, other.integer) if one is not None]
        return Limits(
            min(self.name, other.name),
            min(self.depth, other.depth),
            min(integers, default=None),
        )


WIDEST: Final = Limits()
"""What is left where no target asks for less."""
