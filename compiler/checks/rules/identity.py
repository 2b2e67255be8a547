"""WFC112: object identity and hashes."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.checks.judging.rule import Finding
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.judging.tables import NameRule


class Identity(NameRule):
    code = "WFC112"
    name = "hash-or-id"
    summary = "A workflow uses id() or hash()."
    why = (
        "id() is an address in memory. hash() of texts and bytes differs in every process, "
        "unless PYTHONHASHSEED is fixed. Both give another number in a replay."
    )
    bad = "@workflow\ndef shard(key: str) -> int:\n    return store(hash(key) % 8)"
    good = "@workflow\ndef shard(key: str) -> int:\n    return store(zlib.crc32(key.encode()) % 8)"
    says = "gives another number in every process"
    need = "hash"
    calls = "builtins.id builtins.hash object.__hash__ builtins.object.__hash__"
    at_import = True
    logged_is_fine = True

    VALID = (
        "import hashlib, zlib\n"
        "from wfc import workflow\n\n@workflow\ndef f(key: str, id: int) -> str:\n"
        "    digest = hashlib.sha256(key.encode()).hexdigest()\n"
        "    return digest + str(zlib.crc32(b'a') + hash(1) + id)\n",
        "from wfc import workflow\n\ndef depth(error: BaseException | None) -> int:\n"
        "    seen: set[int] = set()\n"
        "    while error is not None:\n"
        "        current = id(error)\n"
        "        if current in seen or id(error) == id(None):\n"
        "            break\n"
        "        seen.add(current)\n"
        "        error = error.__cause__\n"
        "    return len(seen)\n\n"
        "@workflow\n"
        "def f() -> int:\n"
        "    names = {id(depth): 'depth'}\n"
        "    return depth(None) + len(names[id(depth)])\n",
    )
    INVALID = (
        "from wfc import workflow\n\n@workflow\ndef f(key: str) -> int:\n"
        "    return hash(key) + id(key)  # WFC112\n",
        "from wfc import workflow\n\n@workflow\ndef f(key: str, other: str) -> bool:\n"
        "    mine = id(key)  # WFC112\n"
        "    if mine == id(other):\n"
        "        return True\n"
        "    return mine < id(other)  # WFC112\n",
    )

    def check(self, at: Sighting) -> Iterator[Finding]:
        match at.use.args:
            case (("constant", bool() | int() | float()),):  # the same in every process
                return
        yield from super().check(at)
