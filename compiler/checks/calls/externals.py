"""Things outside the project: how their names are spelled, and what is known of their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wfc.compiler.checks.wordsets import words
from wfc.compiler.data.struct import Struct


class External(Struct):
    """Something outside the project, by its dotted name: ``datetime.datetime.now``. The result of a
    call keeps its brackets, ``asyncio.get_running_loop()``, unless a class was called: an instance
    of ``requests.Session`` is ``External("requests.Session", instance=True)``."""

    name: str
    instance: bool = False


# Classes whose names do not look like one.
CLASSES: Final = words(
    "datetime.datetime datetime.date datetime.time datetime.timedelta datetime.timezone "
    "threading.local collections.deque collections.defaultdict builtins.dict builtins.list "
    "builtins.str builtins.int builtins.float builtins.tuple builtins.bytes builtins.object "
    "functools.partial mmap.mmap socket.socket _thread.lock"
)
# What calls return whose result is used further.
RETURNS: Final = {
    **{
        f"datetime.datetime.{method}": "datetime.datetime"
        for method in words("now utcnow today fromtimestamp fromisoformat strptime combine replace")
        | {"astimezone"}
    },
    **{
        f"pathlib.Path.{method}": "pathlib.Path"
        for method in words("joinpath with_suffix with_name absolute resolve")
    },
    "logging.getLogger": "logging.Logger",
    "requests.session": "requests.Session",
    "sqlalchemy.create_engine": "sqlalchemy.Engine",
    "sqlalchemy.ext.asyncio.create_async_engine": "sqlalchemy.ext.asyncio.AsyncEngine",
    "sqlite3.connect": "sqlite3.Connection",
    "psycopg.connect": "psycopg.Connection",
    "redis.from_url": "redis.Redis",
    "builtins.open": "io.TextIOWrapper",
    "asyncio.get_event_loop": "asyncio.AbstractEventLoop",
    "asyncio.get_running_loop": "asyncio.AbstractEventLoop",
    "asyncio.new_event_loop": "asyncio.AbstractEventLoop",
    "asyncio.all_tasks": "builtins.set",
    "zoneinfo.ZoneInfo.from_file": "zoneinfo.ZoneInfo",
    "numpy.random.default_rng": "numpy.random.Generator",
}
# Attributes that are again of the type they are taken from.
SAME_TYPE: Final = {"pathlib.Path.parent", "pathlib.Path.parents"}
# The same thing under another name.
ALIASES: Final[Mapping[str, str]] = {
    "io.open": "builtins.open",
    "_io.open": "builtins.open",
    "pathlib.PosixPath": "pathlib.Path",
    "pathlib.WindowsPath": "pathlib.Path",
    "posixpath": "os.path",
    "ntpath": "os.path",
    "requests.sessions.Session": "requests.Session",
    "requests.api": "requests",
    "concurrent.futures.thread.ThreadPoolExecutor": "concurrent.futures.ThreadPoolExecutor",
    "concurrent.futures.process.ProcessPoolExecutor": "concurrent.futures.ProcessPoolExecutor",
    "time.clock": "time.time",
    "datetime.UTC": "datetime.timezone.utc",
    "asyncio.tasks": "asyncio",
    "asyncio.threads": "asyncio",
    "sqlalchemy.engine.create_engine": "sqlalchemy.create_engine",
    "sqlalchemy.orm.session.Session": "sqlalchemy.orm.Session",
    "redis.client.Redis": "redis.Redis",
}
IDENTITY: Final = words(
    "functools.partial functools.partialmethod functools.wraps functools.lru_cache "
    "functools.cache builtins.staticmethod builtins.classmethod contextlib.closing "
    "asyncio.create_task asyncio.ensure_future asyncio.shield asyncio.wait_for "
    "typing.cast copy.copy copy.deepcopy builtins.next builtins.iter builtins.reversed "
    "builtins.min builtins.max operator.call"
)
SET_METHODS: Final = words("union intersection difference symmetric_difference copy")
RECORD_DECORATORS: Final = words("dataclass define frozen mutable attrs attributes s")
RECORD_BASES: Final = (
    "pydantic.",
    "typing.NamedTuple",
    "sqlmodel.",
    "msgspec.",
    "typing.TypedDict",
)
DEPTH: Final = 24

# Names that `from module import *` brings in, of modules that people import so.
STAR_MEMBERS: Final[Mapping[str, frozenset[str]]] = {
    "time": words("time sleep monotonic perf_counter time_ns localtime gmtime"),
    "datetime": words("datetime date time timedelta timezone"),
    "random": words("random randint choice choices sample shuffle uniform randrange"),
    "uuid": words("uuid1 uuid3 uuid4 uuid5 UUID getnode"),
    "os": words("environ getenv getpid urandom listdir path"),
    "math": frozenset(),
}


def external(name: str, aliases: Mapping[str, str] = ALIASES) -> External:
    """An external name, in the spelling that the rules use."""
    if name in aliases:
        return External(aliases[name])
    head, dot, tail = name.rpartition(".")
    if dot and head in aliases:
        return External(f"{aliases[head]}.{tail}")
    return External(name)


def called(name: str) -> External:
    """The result of calling something external."""
    if name in RETURNS:
        return External(RETURNS[name], instance=True)
    if is_class(name):
        return External(name, instance=True)
    return External(f"{name}()")


def is_class(name: str) -> bool:
    return name.rpartition(".")[2].lstrip("_")[:1].isupper() or name in CLASSES
