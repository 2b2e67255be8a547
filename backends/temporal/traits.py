"""What Temporal is like."""

from __future__ import annotations

from typing import Final

from wfc.backends.python.program.traits import Traits

TRAITS: Final = Traits(engine="Temporal", colour="async", placement="whole", mark="temporal")
