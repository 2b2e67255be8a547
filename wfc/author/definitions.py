"""What the decorators know of workflows and steps: their signatures, and how their values cross."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wfc.author.boundary import decode, encode, hints_of
from wfc.author.injection import injected

if TYPE_CHECKING:
    from inspect import Signature

    from wfc.author.retry import Retry


class Definition:
    """A decorated function, with what its signature says; looked at when it is first called.

    What converts values refuses integers beyond ``largest``."""

    kind = ""

    def __init__(self, function: Callable[..., Any], label: str) -> None:
        self.function = function
        self.name = function.__name__
        self.label = label
        self.asynchronous = bool(function.__code__.co_flags & 0x80)  # inspect.CO_COROUTINE
        self._hints: dict[str, Any] | None = None
        self._signature: Signature | None = None

    @property
    def hints(self) -> dict[str, Any]:
        """The annotations by parameter name, and ``return``."""
        if self._hints is None:
            self._hints = hints_of(self.function)
        return self._hints

    def bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """The value of every parameter, in their order, defaults filled in.

        Raises:
            TypeError: the arguments do not fit the signature.
        """
        import inspect

        if self._signature is None:
            self._signature = inspect.signature(self.function)
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return bound.arguments

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of all parameters, in their order."""
        code = self.function.__code__
        return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]

    def encode_arguments(self, values: dict[str, Any], largest: int | None) -> dict[str, Any]:
        """Arguments by name as JSON data; errors as for :func:`wfc.author.boundary.encode`."""
        return self._converted(encode, values, largest)

    def decode_arguments(self, data: dict[str, Any], largest: int | None) -> dict[str, Any]:
        """The arguments that JSON data stands for; errors as for ``boundary.decode``."""
        return self._converted(decode, data, largest)

    def _converted(
        self, convert: Callable[..., Any], values: dict[str, Any], largest: int | None
    ) -> dict[str, Any]:
        return {
            name: convert(
                value,
                self.hints.get(name, Any),
                f"argument {name} of {self.kind} {self.name}",
                largest=largest,
            )
            for name, value in values.items()
        }

    def encode_result(self, value: Any, largest: int | None) -> Any:
        """The result as JSON data."""
        return encode(value, self.returns, f"result of {self.kind} {self.name}", largest=largest)

    def decode_result(self, data: Any, largest: int | None) -> Any:
        """The result that JSON data stands for."""
        return decode(data, self.returns, f"result of {self.kind} {self.name}", largest=largest)

    @property
    def returns(self) -> Any:
        """The annotation of the result."""
        return self.hints.get("return", Any)

    def invoke(self, values: dict[str, Any]) -> Any:
        """Call the function with its values by parameter name."""
        count = self.function.__code__.co_posonlyargcount
        positional = list(values.values())[:count]
        keywords = dict(list(values.items())[count:])
        return self.function(*positional, **keywords)


class WorkflowDefinition(Definition):
    """A ``@workflow`` function."""

    kind = "workflow"


class StepDefinition(Definition):
    """A ``@step`` or ``@transaction`` function."""

    kind = "step"

    def __init__(
        self, function: Callable[..., Any], label: str, retry: Retry | None, transaction: bool
    ) -> None:
        super().__init__(function, label)
        self.retry = retry
        self.transaction = transaction

    def given(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values without those that the engine fills."""
        return {name: value for name, value in values.items() if value is not injected}
