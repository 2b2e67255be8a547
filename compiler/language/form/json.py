"""The JSON form of the IR (see ``form.codec``), and the hash that names its version."""

from __future__ import annotations

from wfc.compiler.language.form.codec import IrFormatError, from_json, to_json
from wfc.compiler.language.form.content import content_hash

__all__ = ["IrFormatError", "content_hash", "from_json", "to_json"]
