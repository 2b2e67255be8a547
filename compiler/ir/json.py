"""The JSON form of the IR (see ``compiler.ir.codec``), and the hash that names its version."""

from __future__ import annotations

from wfc.compiler.ir.codec import IrFormatError, from_json, to_json
from wfc.compiler.ir.content import content_hash

__all__ = ["IrFormatError", "content_hash", "from_json", "to_json"]
