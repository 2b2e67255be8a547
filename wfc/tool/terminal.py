"""What a stream can show."""

from __future__ import annotations

import os
from typing import TextIO


def wants_colors(stream: TextIO) -> bool:
    """Whether to colour: on a terminal, unless https://no-color.org or https://force-color.org say
    otherwise."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"
