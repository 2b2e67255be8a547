"""What a class that is made of others has to answer."""

from __future__ import annotations

from typing import Any


class Hooks:
    """The base of classes with abstract methods, and class variables without a value, all of which
    a subclass has to answer. One that leaves some to its own subclasses says ``partial=True``; any
    other is refused when it is made, before it can print anything."""

    def __init_subclass__(cls, *, partial: bool = False, **options: Any) -> None:
        super().__init_subclass__(**options)
        missing = () if partial else unanswered(cls)
        if missing:
            raise TypeError(f"{cls.__name__} does not answer {', '.join(missing)}")


def unanswered(cls: type) -> tuple[str, ...]:
    """The hooks of a class that it does not answer, sorted."""
    found = {name: getattr(cls, name) for name in dir(cls)}
    methods = {name for name in found if getattr(found[name], "__isabstractmethod__", False)}
    variables = {
        name
        for base in cls.__mro__
        for name, annotation in vars(base).get("__annotations__", {}).items()
        if str(annotation).startswith("ClassVar") and name not in found
    }
    return tuple(sorted(methods | variables))
