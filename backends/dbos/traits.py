"""What DBOS is like."""

from __future__ import annotations

from typing import Final

from wfc.backends.python.program.traits import Traits

TRAITS: Final = Traits(engine="DBOS", colour="either", placement="anywhere", mark="")
