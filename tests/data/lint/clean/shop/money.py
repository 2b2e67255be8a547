import calendar
import dataclasses
import functools
import hashlib
import json
import math
import random
import re
import time
import uuid
import zlib
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

__all__ = ["Amount", "total", "label", "traced", "schedule", "sample"]

RATES = {"eu": Decimal("0.2"), "ch": Decimal("0.081")}
RATES["no"] = Decimal("0.25")
NAMES = re.compile(r"\w+")
EPOCH = datetime(2026, 1, 1, tzinfo=timezone.utc)
KINDS = frozenset({"a", "b"})


@dataclasses.dataclass
class Amount:
    value: Decimal
    tags: list = dataclasses.field(default_factory=list)
    when: datetime = EPOCH

    @property
    def gross(self) -> Decimal:
        return self.value * (1 + RATES["eu"])

    def add(self, tag: str) -> None:
        self.tags.append(tag)


def total(amounts: list) -> Decimal:
    return sum((amount.gross for amount in amounts), Decimal(0))


def label(name: str) -> str:
    key = uuid.uuid5(uuid.NAMESPACE_URL, name)
    digest = hashlib.sha256(json.dumps({"name": name}).encode()).hexdigest()
    return f"{key}-{digest}-{zlib.crc32(name.encode())}-{math.floor(2.5)}"


def schedule(start: datetime, at: float) -> list:
    local = start.astimezone(ZoneInfo("Europe/Bern"))
    moment = datetime.fromtimestamp(at, tz=timezone.utc)
    text = time.strftime("%Y-%m-%d", time.gmtime(at))
    return [local, moment, text, date(2026, 1, 1), start + timedelta(days=1), calendar.timegm(start.timetuple())]


def sample(names: list, seed: int) -> list:
    picker = random.Random(seed)
    picker.shuffle(names)
    return names[:3] + [str(PurePosixPath("a") / "b")]


def traced(fn):
    @functools.wraps(fn)
    def wrapper(*args):
        return fn(*args)

    return wrapper


def unused_clock() -> float:
    return time.time()
