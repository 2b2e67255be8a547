"""What engines that run Python differ in, as data."""

from __future__ import annotations

from typing import Literal, TypeAlias

from wfc.backends.python.printing.statements import Placement
from wfc.compiler.data.struct import Struct

Colour: TypeAlias = Literal["async", "sync", "either"]


class Traits(Struct):
    """What an engine declares. A trait is here because two engines differ in it; what takes code to
    say is a hook of ``Dialect`` or ``Program``.

    ``engine`` is what messages call it. Its workflows are coroutines or plain functions as their
    ``colour`` says, where ``either`` means coroutines when a step is one or has a limit of time:
    only a coroutine can be told to stop. ``placement`` is where an operation may stand. ``mark``
    stands before a generated name that the user's file has, too.
    """

    engine: str
    colour: Colour
    placement: Placement
    mark: str
