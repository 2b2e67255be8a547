"""What Python refuses itself when it imports the module, or understands in another way."""

from dataclasses import KW_ONLY, dataclass, field

from wfc import step, workflow

payout = 3
LIMIT: int = 4


@dataclass
class Item:
    count: int = 1
    tags: list[str] = field()


@dataclass
class Base:
    id: int
    note: str = ""


@dataclass
class Derived(Base):
    total: int


@dataclass
class Fine(Base):
    _: KW_ONLY
    total: int
    size: int = field(default=0)
    last: int


@dataclass(kw_only=True)
class AllByName:
    count: int = 1
    tags: list[str]


class LIMIT: ...


@step
def show(item: Item, other: Derived, fine: Fine, named: AllByName) -> int: ...


show = show


@workflow
def payout(item: Item, other: Derived, fine: Fine, named: AllByName) -> int:
    return show(item, other, fine, named)
