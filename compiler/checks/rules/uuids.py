"""WFC103: identifiers made from randomness, the clock or the machine."""

from __future__ import annotations

from wfc.compiler.checks.judging.tables import NameRule


class Uuids(NameRule):
    code = "WFC103"
    name = "uuid"
    summary = "A workflow makes a new identifier."
    why = (
        "A replay makes another identifier than the first run did. A payment that was sent with "
        "the first one is then looked up, repeated or undone under the second. uuid3 and uuid5 "
        "compute an identifier from a name and are fine."
    )
    bad = (
        "@workflow\n"
        "def pay(amount: int) -> str:\n"
        "    key = str(uuid.uuid4())\n"
        "    return charge(key, amount)"
    )
    good = (
        "@step\n"
        "def charge(amount: int, key: IdempotencyKey = injected) -> str: ...\n\n"
        "@workflow\n"
        "def pay(amount: int) -> str:\n"
        "    return charge(amount)"
    )
    says = "makes a new identifier each time"
    need = "uuid"
    at_import = True
    logged_is_fine = True
    moving = "it moves into a step that gives its text"
    calls = """
        uuid.uuid1 uuid.uuid4 uuid.uuid6 uuid.uuid7 uuid.getnode
        email.utils.make_msgid
        shortuuid.uuid shortuuid.random uuid6.uuid6 uuid6.uuid7 uuid6.uuid8 uuid_utils.uuid1
        uuid_utils.uuid4 uuid_utils.uuid6 uuid_utils.uuid7 cuid.cuid ksuid.Ksuid ksuid.ksuid
        shortuuid.ShortUUID.uuid shortuuid.ShortUUID.random cuid2.Cuid.generate fastuuid.uuid4
        xid.XID
    """
    calls_below = {"uuid.uuid8": 3, "bson.ObjectId": 1, "bson.objectid.ObjectId": 1}

    VALID = (
        "import uuid\nfrom wfc import workflow\n\n@workflow\ndef f(order: str) -> str:\n"
        "    return str(uuid.uuid5(uuid.NAMESPACE_URL, order)) + str(uuid.UUID(order))\n",
    )
    INVALID = (
        "from uuid import uuid4 as make_id\n"
        "from wfc import workflow\n\n@workflow\ndef f() -> str:\n"
        "    return str(make_id())  # WFC103\n",
        "import uuid\nfrom dataclasses import dataclass, field\nfrom wfc import workflow\n\n"
        "@dataclass\n"
        "class Order:\n"
        "    id: uuid.UUID = field(default_factory=uuid.uuid4)  # WFC103\n\n"
        "@workflow\n"
        "def f() -> str:\n"
        "    return str(Order().id)\n",
    )
    FIXED = (
        "from uuid import uuid4 as make_id\n"
        "from wfc import step, workflow\n\n@step\ndef new_id() -> str:\n"
        "    return str(make_id())\n\n\n"
        "@workflow\n"
        "def f() -> str:\n"
        "    return new_id()  # WFC103\n",
    )
