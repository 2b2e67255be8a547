"""What all nodes share: a place in the source."""

from __future__ import annotations

from wfc.compiler.data.struct import Struct, field
from wfc.compiler.diagnostics.span import NOWHERE, Span


class Node(Struct, kw_only=True):
    """A piece of the IR."""

    span: Span = field(default=NOWHERE, compare=False, repr=False)
