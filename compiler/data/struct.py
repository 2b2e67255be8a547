"""Data classes whose definition costs next to nothing.

``dataclasses`` writes, compiles and runs six functions for each class when its module is imported:
0.3 ms each, almost half of the time that compiling a small workflow took. Here a class is made
once, with its slots; its ``__init__`` is compiled when the first instance is made
(``bench/classes.py`` has the figures). Type checkers know of these what they know of dataclasses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from operator import attrgetter
from typing import Any, ClassVar, Final, TypeVar, dataclass_transform

T = TypeVar("T", bound="Struct | MutableStruct")


class Missing:
    """The default of a field that has none."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


class Field:
    """What a class says about one of its fields. ``annotation`` is the text of its type."""

    __slots__ = ("annotation", "compare", "default", "factory", "init", "kw_only", "name", "repr")

    def __init__(
        self,
        *,
        default: Any = MISSING,
        factory: Callable[[], Any] | None = None,
        init: bool = True,
        kw_only: bool | None = None,
        compare: bool = True,
        repr: bool = True,
    ) -> None:
        self.name = self.annotation = ""
        self.default = default
        self.factory = factory
        self.init = init
        self.kw_only = kw_only
        self.compare = compare
        self.repr = repr


def field(
    *,
    default: Any = MISSING,
    factory: Callable[[], Any] | None = None,
    init: bool = True,
    kw_only: bool | None = None,
    compare: bool = True,
    repr: bool = True,
) -> Any:
    """A field that is more than its annotation and default.

    Args:
        default: what it holds when it is not given.
        factory: makes what it holds when it is not given.
        init: whether it is given at all; ``__post_init__`` sets it otherwise.
        kw_only: whether it is given by name only; the class decides when None.
        compare: whether it takes part in equality and hash.
        repr: whether the representation shows it.
    """
    return Field(
        default=default, factory=factory, init=init, kw_only=kw_only, compare=compare, repr=repr
    )


def _first_init(self: Any, *args: Any, **kwargs: Any) -> None:
    """Stands for the ``__init__`` of a class until its first instance is made."""
    cls = type(self)
    cls.__init__ = _compiled_init(cls)
    cls.__init__(self, *args, **kwargs)


def _compiled_init(cls: type[Any]) -> Any:
    names: dict[str, Any] = {}
    positional: list[str] = []
    by_name: list[str] = []
    lines: list[str] = []
    for one, put in zip(cls.__fields__, cls.__setters__, strict=True):
        name = one.name
        parameter = value = name
        if one.factory is not None:
            names[f"_make_{name}"] = one.factory
            names["_MISSING"] = MISSING
            parameter = f"{name}=_MISSING"
            value = f"_make_{name}() if {name} is _MISSING else {name}"
        elif one.default is not MISSING:
            names[f"_default_{name}"] = one.default
            parameter = f"{name}=_default_{name}"
        if one.init:
            (by_name if one.kw_only else positional).append(parameter)
        elif one.factory is not None:
            value = f"_make_{name}()"
        else:
            continue
        names[f"_set_{name}"] = put
        lines.append(f"    _set_{name}(self, {value})\n")
    if hasattr(cls, "__post_init__"):
        lines.append("    self.__post_init__()\n")
    parameters = ", ".join(["self", *positional, *(["*", *by_name] if by_name else [])])
    exec(f"def __init__({parameters}):\n{''.join(lines) or '    pass'}", names)
    init = names["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def restored(cls: type[T], values: Iterable[Any]) -> T:
    """An instance with these values in its fields, in order of definition: what a pickle holds."""
    new = object.__new__(cls)
    for put, value in zip(cls.__setters__, values, strict=True):
        put(new, value)
    return new


def _no_values(_: Any) -> tuple[()]:
    return ()


@dataclass_transform(frozen_default=True, field_specifiers=(Field, field))
class StructMeta(type):
    """Makes the classes. ``kw_only`` is for all fields that say nothing else; ``eq`` is False for
    classes whose instances are only equal to themselves."""

    __fields__: tuple[Field, ...]
    __setters__: tuple[Callable[[Any, Any], None], ...]

    def __new__(
        mcs,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        kw_only: bool = False,
        eq: bool = True,
    ) -> StructMeta:
        known = {
            one.name: one for base in reversed(bases) for one in getattr(base, "__fields__", ())
        }
        own = dict(_own_fields(namespace, kw_only))
        fields = tuple((known | own).values())
        caches = any(isinstance(value, cached_property) for value in namespace.values())
        namespace["__slots__"] = (*(own.keys() - known.keys()), *(["__dict__"] if caches else []))
        namespace["__fields__"] = fields
        namespace["__match_args__"] = tuple(one.name for one in fields if not one.kw_only)
        namespace.setdefault("__init__", _first_init)
        compared = [one.name for one in fields if one.compare]
        namespace["__values__"] = attrgetter(*compared) if compared else _no_values
        if not eq:
            namespace |= {"__eq__": object.__eq__, "__hash__": object.__hash__}
        made = super().__new__(mcs, name, bases, namespace)
        made.__setters__ = tuple([getattr(made, one.name).__set__ for one in fields])
        return made


@dataclass_transform(field_specifiers=(Field, field))
class MutableMeta(StructMeta):
    """Makes the classes whose instances change; type checkers want it apart."""


def _own_fields(namespace: dict[str, Any], kw_only: bool) -> Iterator[tuple[str, Field]]:
    for name, annotation in namespace.get("__annotations__", {}).items():
        if str(annotation).startswith("ClassVar"):
            continue
        given = namespace.pop(name, MISSING)
        one = given if isinstance(given, Field) else Field(default=given)
        one.name, one.annotation = name, annotation
        if one.kw_only is None:
            one.kw_only = kw_only
        yield name, one


class _Values:
    """Equal by what they hold; hashed by identity or not at all, as their class says."""

    __slots__ = ()
    __fields__: ClassVar[tuple[Field, ...]]
    __setters__: ClassVar[tuple[Callable[[Any, Any], None], ...]]
    __values__: ClassVar[Callable[[Any], Any]]

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        values = type(self).__values__
        return bool(values(self) == values(other))

    def __repr__(self) -> str:
        shown = [f"{one.name}={getattr(self, one.name)!r}" for one in self.__fields__ if one.repr]
        return f"{type(self).__name__}({', '.join(shown)})"

    def __reduce__(self) -> tuple[Any, ...]:
        values = tuple(getattr(self, one.name) for one in self.__fields__)
        return restored, (type(self), values)


class Struct(_Values, metaclass=StructMeta):
    """Data that does not change: its annotations are its fields."""

    def __hash__(self) -> int:
        return hash((type(self), type(self).__values__(self)))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: '{name}' cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: '{name}' cannot be deleted")


class MutableStruct(_Values, metaclass=MutableMeta):
    """Data that is built up step by step."""


def fields(of: Struct | MutableStruct | type[Struct] | type[MutableStruct]) -> tuple[Field, ...]:
    """The fields of a class, or of the class of an instance, in order of definition."""
    return of.__fields__


def replace(value: T, /, **changes: Any) -> T:
    """A copy with other values in some fields.

    Raises:
        TypeError: there is no field of a given name.
    """
    cls = type(value)
    values = tuple(
        changes.pop(one.name) if one.name in changes else getattr(value, one.name)
        for one in cls.__fields__
    )
    if changes:
        raise TypeError(f"{cls.__name__} has no field '{min(changes)}'")
    return restored(cls, values)
