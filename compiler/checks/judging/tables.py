"""Rules that know nondeterministic things by their names: a table in each, and one look-up for
all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Final

from wfc.compiler.checks.calls.callgraph import is_factory
from wfc.compiler.checks.calls.externals import External, is_class
from wfc.compiler.checks.calls.symbols import Target
from wfc.compiler.checks.engines.engine import LintEngine
from wfc.compiler.checks.engines.known import LintEngines, sentences
from wfc.compiler.checks.engines.requests import FixRequest
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.reading.facts import COMPARED, Use
from wfc.compiler.checks.reading.terms import root_kind
from wfc.compiler.data.struct import Struct

if TYPE_CHECKING:
    from wfc.compiler.checks.judging.sighting import Sighting

ALWAYS: Final = 1_000
_IDENTITIES: Final = ("builtins.id", "builtins.hash")
_NOT_CALLS: Final = ("Error", "Exception", "Warning", "Interrupt", "Expired", "Exit")


class NameRule(Rule):
    """A rule with a table.

    ``calls`` are functions and classes whose call is nondeterministic; ``calls_below`` those whose
    call is so only with fewer arguments than given (``time.gmtime`` reads the clock without one),
    ``calls_from`` those that need at least so many;
    ``values`` are read as they are (``os.environ``), and so is everything below them; ``modules``
    are wholly nondeterministic to call, except what ``pure`` lists and exception classes.
    ``methods`` are recognised on objects of unknown type. ``says`` completes the message, ``need``
    chooses the advice. ``at_import`` says that such a value is a problem too when it is read at
    import and used in a workflow. What to write in place of a call is the engine's to say;
    ``moving`` says what does in workflows of wfc, in the words of its page.
    """

    kinds = ("call", "read", "pass")

    says: ClassVar[str]
    need: ClassVar[str] = "io"
    calls: ClassVar[str] = ""
    calls_below: ClassVar[Mapping[str, int]] = {}
    calls_from: ClassVar[Mapping[str, int]] = {}
    values: ClassVar[str] = ""
    modules: ClassVar[str] = ""
    pure: ClassVar[str] = ""
    methods_below: ClassVar[Mapping[str, int]] = {}
    at_import: ClassVar[bool] = False
    moving: ClassVar[str] = ""

    @classmethod
    def fixing_among(cls, engines: LintEngines) -> str:
        if not cls.moving:
            return super().fixing_among(engines)
        notes = engines.notes(cls.code)
        return (
            f"--fix, {sentences(note.safe for note in notes)}. --unsafe-fixes: "
            f"{sentences(note.unsafe for note in notes)}, and in those of wfc {cls.moving}; both "
            f"give a workflow that is under way one step more.{cls.fixing}"
        )

    def check(self, at: Sighting) -> Iterator[Finding]:
        name = at.context.names.matches(self, at.use, at.targets)
        if name:
            message = f"{self.subject(at.use, name)} {self.says_of(name)}"
            yield Finding(message, self.advice(at.engine, name), fix=self.fix(at, name))

    def says_of(self, name: str) -> str:
        return self.says

    def advice(self, engine: LintEngine, name: str) -> str:
        return engine.advice(self.need)

    def fix(self, at: Sighting, name: str) -> FixRequest | None:
        return at.engine.fixes.get(name) if at.use.kind == "call" else None

    def subject(self, use: Use, name: str) -> str:
        """How the message names the use: as written, and by its full name where that differs."""
        shown = f"{use.written}()" if use.kind == "call" else use.written
        plain = name.removeprefix("builtins.")
        same = _ends_alike(use.written, plain)
        return f"`{shown}`" if same else f"`{shown}` is `{plain}`, which"


class _Member(Struct):
    """A name in the table of a rule, which speaks about calls with at least ``least`` arguments and
    fewer than ``below``."""

    rule: type[NameRule]
    below: int = ALWAYS
    least: int = 0

    def takes(self, use: Use) -> bool:
        """Whether the rule speaks about this call; of a function that is passed on, the number of
        arguments is not known and taken for one."""
        count = 1 if use.kind == "pass" else len(use.args) + len(use.keywords)
        return self.least <= count < self.below


class NameTable:
    """One look-up for the tables of many rules, and what engines add to them."""

    def __init__(self, rules: Iterable[type[NameRule]], engines: LintEngines) -> None:
        self.calls: dict[str, list[_Member]] = {}
        self.values: dict[str, type[NameRule]] = {}
        self.modules: dict[str, type[NameRule]] = {}
        self.methods: dict[str, _Member] = {}
        self.pure: set[str] = set()
        for rule in rules:
            members = {name: _Member(rule) for name in rule.calls.split()}
            members |= {name: _Member(rule, below) for name, below in rule.calls_below.items()}
            for name, member in members.items():
                self.calls.setdefault(name, []).append(member)
            for name, least in rule.calls_from.items():
                self.calls.setdefault(name, []).append(_Member(rule, least=least))
            self.values.update(dict.fromkeys(rule.values.split(), rule))
            added = [engine.modules.get(rule.code, "") for engine in engines.all]
            self.modules.update(dict.fromkeys(" ".join([rule.modules, *added]).split(), rule))
            self.methods.update({n: _Member(rule, b) for n, b in rule.methods_below.items()})
            self.pure.update(rule.pure.split())
        for engine in engines.all:
            self.pure.update(engine.pure.split())

    def rules_of(self, use: Use, targets: tuple[Target, ...]) -> list[type[NameRule]]:
        """The rules whose tables have a use."""
        found: dict[type[NameRule], None] = {}
        for target in targets:
            if isinstance(target, External):
                rule = self.rule_of(target, use)
                if rule is not None:
                    found[rule] = None
        if not targets and use.kind == "call" and "." in use.written:
            member = self.methods.get(use.written.rpartition(".")[2])
            if member is not None and member.takes(use):
                found[member.rule] = None
        return list(found)

    def matches(self, rule: NameRule, use: Use, targets: tuple[Target, ...]) -> str:
        """The name under which a rule's table has this use, or nothing."""
        for target in targets:
            if isinstance(target, External) and self.rule_of(target, use) is type(rule):
                return target.name
        if not targets and use.kind == "call":
            name = use.written.rpartition(".")[2]
            member = self.methods.get(name)
            if member and member.rule is type(rule) and "." in use.written:
                return name if member.takes(use) else ""
        return ""

    def rule_of(self, target: External, use: Use) -> type[NameRule] | None:
        """The rule that speaks about a use of something external."""
        name = target.name
        # Which objects are the same does not depend on their numbers.
        if use.flags & COMPARED and name in _IDENTITIES:
            return None
        called = use.kind == "call" or (use.kind == "pass" and not target.instance)
        members = self.calls.get(name) if called else None
        if members is not None:
            return next((member.rule for member in members if member.takes(use)), None)
        if name in self.pure:
            return None
        # Handing on a value is no second use of it, and the result of a call is another value.
        value = self._value(name) if use.kind != "pass" and "()" not in name else None
        if value is not None:
            return value
        if not called:
            return None
        # What is handed on of an object is one of its values more often than a method.
        holder = name.rpartition(".")[0]
        if use.kind == "pass" and ("()" in name or any(map(is_class, holder.split(".")))):
            return None
        # A class that is handed on is looked at, not called: `isinstance(x, requests.Session)`.
        if use.kind == "pass" and is_class(name) and not _makes_objects(use):
            return None
        return self._module(name, use)

    def _value(self, name: str) -> type[NameRule] | None:
        found = self.values.get(name)
        while found is None and "." in name:
            name = name.rpartition(".")[0]
            found = self.values.get(name)
        return found

    def _module(self, name: str, use: Use) -> type[NameRule] | None:
        owner, _, last = name.rpartition(".")
        if ".__" in name or last.endswith(_NOT_CALLS) or owner.endswith(_NOT_CALLS):
            return None
        # Nobody calls a constant: `smtplib.SMTP(...)` makes an object of a class.
        if use.kind != "call" and any(part.isupper() for part in name.split(".")[1:]):
            return None
        # What a function with a name in a table returns is a value: `os.getenv("A").strip()`.
        if "()" in name and name.partition("()")[0] in self.calls:
            return None
        # The result of a call in the same function: the call itself is reported.
        if "()" in name and root_kind(use.term) == "call":
            return None
        prefix = name
        while "." in prefix:
            prefix = prefix.rpartition(".")[0]
            if prefix in self.pure or f"{prefix}.*" in self.pure:
                return None
            rule = self.modules.get(prefix)
            if rule is not None:
                return rule
        return None


def _makes_objects(use: Use) -> bool:
    """Whether a class is handed to what calls it: ``map``, or the factory of a field."""
    return use.args == (("name", "map"), ("constant", 0)) or is_factory(use)


def _ends_alike(written: str, name: str) -> bool:
    """Whether what is written shows which function is meant: its last name and, if it has one, an
    owner that the full name has too."""
    shown = written.split(".")
    full = name.split(".")
    if shown[-1] != full[-1].removesuffix("()"):
        return False
    return len(shown) == 1 or shown[-2] in full or shown[-2] in ("self", "cls") or "(" in shown[-2]
