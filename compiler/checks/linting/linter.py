"""The determinism linter: reads files, follows calls from every workflow, and reports."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from wfc.compiler.checks.calls.callgraph import CallGraph, Visit, field_factories
from wfc.compiler.checks.calls.entrypoints import Roles
from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.project import File, Project
from wfc.compiler.checks.calls.sources import Texts
from wfc.compiler.checks.calls.startup import Startup
from wfc.compiler.checks.calls.symbols import ProjectClass, ProjectFunction, Symbols, Target
from wfc.compiler.checks.codes import ALL, INVALID_SUPPRESSION, UNUSED_SUPPRESSION
from wfc.compiler.checks.engines.author import WFC
from wfc.compiler.checks.engines.engine import LintEngine
from wfc.compiler.checks.engines.known import LintEngines
from wfc.compiler.checks.judging.context import Context
from wfc.compiler.checks.judging.reported import Reported
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.judging.tables import NameRule, NameTable
from wfc.compiler.checks.linting.settings import Settings, closest_rule, covers
from wfc.compiler.checks.reading.extract import extract
from wfc.compiler.checks.reading.facts import GUARDED, LOGGED, Place, Suppression, Use
from wfc.compiler.checks.rules import all_rules
from wfc.compiler.data.collector import collector_paused
from wfc.compiler.data.struct import MutableStruct, replace
from wfc.compiler.diagnostics.model import Code, Diagnostic, Link, in_source_order
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.diagnostics.words import question

_REFUSAL: Final = re.compile(r"WFC[02-9]\d\d")
"""The codes of the linter are WFC1xx."""


def check_source(
    path: str, text: str, engines: LintEngines, tree: ast.Module | None = None
) -> list[Diagnostic]:
    """The determinism problems of one file by itself; calls into other files are not followed.

    Args:
        path: how diagnostics name the file.
        text: its content.
        engines: whose workflows are checked.
        tree: its parsed form, when there is one already.

    Returns:
        Diagnostics in source order; none when the text is not valid Python, which is the reader's
        to report.
    """
    if not engines.mark(text):
        return []
    with collector_paused():
        project = Project(Texts({path: text}), engines)
        if tree is None:
            file = project.open(path)
        else:
            file = project.add(path, text, extract(text, tree, engines))
        return [] if file.problem else Linter(project, Settings()).check([file])


def codes(engines: LintEngines) -> list[Code]:
    """The codes of every rule and of the linter itself."""
    return [*(rule.as_code(engines) for rule in all_rules(engines)), *ALL]


class _Raw(MutableStruct):
    """A finding before suppressions."""

    diagnostic: Diagnostic
    file: File
    visit: Visit


class Linter:
    """The rules that the settings turn on, over every function that runs as part of a workflow."""

    def __init__(self, project: Project, settings: Settings) -> None:
        self.engines = project.engines
        rules = all_rules(self.engines)
        self.project = project
        self.settings = settings
        self.rules = [
            rule for rule in rules if chosen(settings, rule.code, rule.name, rule.default)
        ]
        self.codes = {rule.code: rule.as_code(self.engines) for rule in rules}
        self.names = {rule.name: rule.code for rule in rules}
        symbols = Symbols(project)
        roles = Roles(symbols)
        graph = CallGraph(symbols, roles, settings.trusts)
        tables = (rule for rule in rules if issubclass(rule, NameRule))
        table = NameTable(tables, self.engines)
        startup = Startup(symbols, roles)
        self.context = Context(self.engines, symbols, roles, graph, table, startup)
        self.by_kind: dict[str, list[Rule]] = defaultdict(list)
        self.by_name: dict[type[NameRule], NameRule] = {}
        self.whole: list[Rule] = []
        self.chosen: dict[tuple[str, str, LintEngine], list[Rule]] = {}
        for rule in (kind() for kind in self.rules):
            if isinstance(rule, NameRule):
                self.by_name[type(rule)] = rule
                continue
            for kind in rule.kinds:
                self.by_kind[kind].append(rule)
            if type(rule).check_function is not Rule.check_function:
                self.whole.append(rule)

    def check(self, files: Sequence[File]) -> list[Diagnostic]:
        """The problems of files, those that their workflows reach in other files included; of one
        that could not be read, its own problem."""
        entries = [
            entry
            for file in files
            if file.problem is None
            for entry in self.context.roles.entries(file)
        ]
        wanted = {
            (kind, engine)
            for rule in self.rules
            for kind in rule.where
            for engine in self.engines.all
            if rule.holds_for(engine)
        }
        entries = [entry for entry in entries if (entry.role.kind, entry.role.engine) in wanted]
        found: list[_Raw] = []
        self.context.mentions = self.mentions()
        for visit in self.context.graph.walk(entries):
            found += self.judge(visit)
        kept, used = self.suppress(found)
        loaded = self.project.loaded.values()
        unread = [file.problem for file in loaded if file.problem is not None]
        problems = [found for found in unread if not self.ignores(found)]
        touched = {id(file): file for file in files}
        touched |= {id(raw.file): raw.file for raw in found}
        comments = self.comments(touched.values(), used)
        return in_source_order([*problems, *kept, *comments])

    def ignores(self, problem: Diagnostic) -> bool:
        """Whether the settings hide that a file cannot be read. To select rules does not: nobody
        knows whether they hold there."""
        return self.settings.ignores(problem.path, problem.code.code, problem.code.name)

    def is_compiled(self, file: File) -> bool:
        """Whether a file is a module of wfc workflows; one that has only steps is not compiled."""
        if file.problem is not None or WFC.name not in file.text:
            return False
        roles = (entry.role for entry in self.context.roles.entries(file))
        return any(role.engine is WFC and role.kind == "workflow" for role in roles)

    def mentions(self) -> frozenset[str]:
        texts = [file.text for file in self.project.loaded.values()]
        mentions = self.engines.mentions
        return frozenset(word for word in mentions if any(word in text for text in texts))

    # --- Judging ---------------------------------------------------------------------------------

    def judge(self, visit: Visit) -> Iterator[_Raw]:
        kind = visit.entry.role.kind
        reported = Reported()
        for use in map(visit.seen, visit.function.uses):
            if use.flags & GUARDED:
                continue
            found = [
                raw
                for raw in self.judge_use(use, use.kind, visit, kind)
                if not reported.covers(raw.diagnostic.code.code, use)
            ]
            for raw in found:
                reported.note(raw.diagnostic.code.code, use)
            yield from found
        # A default argument is evaluated at import; the rules for that look at "default" uses.
        for use in visit.function.defaults:
            yield from self.judge_use(use, "default", visit, kind)
        for decorator in self.context.graph.inner_decorators(visit):
            use = Use("call", decorator.term, decorator.place, decorator.written)
            yield from self.judge_use(use, "call", visit, kind)
        for rule in self.whole:
            if kind in rule.where and rule.holds_for(visit.engine):
                for finding in rule.check_function(visit, self.context):
                    place = finding.place or visit.function.place
                    yield self.raw(rule, finding, place, visit)

    def judge_use(self, use: Use, use_kind: str, visit: Visit, kind: str) -> Iterator[_Raw]:
        rules: Sequence[Rule] = self.rules_for(use_kind, kind, visit.engine)
        named = use_kind in NameRule.kinds
        if not rules and not named:
            return
        if use.kind == "pass" and self.context.graph.crosses(use, visit.file, visit.receiver):
            return
        targets = self.context.symbols.resolve(use.term, visit.file, visit.receiver)
        if use.kind == "call":
            targets = (*targets, *self.bases(targets))
        if named:
            rules = [*rules, *self.named(use, targets, kind, visit.engine)]
        sighting = Sighting(use, targets, visit, self.context)
        for rule in rules:
            if rule.logged_is_fine and use.flags & LOGGED:
                continue
            for finding in rule.check(sighting):
                if not self.trusted(targets):
                    yield self.raw(rule, finding, finding.place or use.place, visit)
        if use.kind == "call":
            yield from self.constructed(use, visit, kind)

    def bases(self, targets: Iterable[Target]) -> Iterator[External]:
        """What a class of the project inherits its making from, where a table has it: the settings
        of a subclass of ``BaseSettings`` are read from the environment."""
        for target in targets:
            if isinstance(target, ProjectClass) and target.definition.bases:
                for base in self.context.symbols.mro(target):
                    if isinstance(base, External) and base.name in self.context.names.calls:
                        yield base

    def rules_for(self, use_kind: str, kind: str, engine: LintEngine) -> Sequence[Rule]:
        """The rules that look at a kind of use in the code of an engine."""
        key = (use_kind, kind, engine)
        found = self.chosen.get(key)
        if found is None:
            found = self.chosen[key] = [
                rule
                for rule in self.by_kind.get(use_kind, ())
                if kind in rule.where and rule.holds_for(engine)
            ]
        return found

    def named(
        self, use: Use, targets: tuple[Target, ...], kind: str, engine: LintEngine
    ) -> Iterator[NameRule]:
        """The rules whose tables have a use."""
        for found in self.context.names.rules_of(use, targets):
            rule = self.by_name.get(found)
            if rule is not None and kind in rule.where and rule.holds_for(engine):
                yield rule

    def constructed(self, use: Use, visit: Visit, kind: str) -> Iterator[_Raw]:
        """``field(factory=uuid4)`` runs where an object of the class is made."""
        symbols = self.context.symbols
        for target in symbols.resolve(use.term, visit.file, visit.receiver):
            if not isinstance(target, ProjectClass):
                continue
            for base in symbols.mro(target):
                if not isinstance(base, ProjectClass):
                    continue
                link = Link(visit.file.path, use.place[0], use.place[1], target.definition.name)
                inner = Visit(
                    visit.entry,
                    base.file,
                    visit.function,
                    target,
                    (*visit.chain, link),
                    visit.silenced,
                )
                for factory in field_factories(base):
                    yield from self.judge_use(factory, "pass", inner, kind)

    def trusted(self, targets: Iterable[object]) -> bool:
        if not self.settings.trusted:
            return False
        for target in targets:
            # partial: settings name functions only
            match target:
                case External(name) if self.settings.trusts(name):
                    return True
                case ProjectFunction(file, function):
                    if self.settings.trusts(f"{file.name}.{function.qualname}"):
                        return True
        return False

    def raw(self, rule: Rule, finding: Finding, place: Place, visit: Visit) -> _Raw:
        code = self.codes[rule.code]
        message = finding.message if finding.whole else f"{finding.message}{_where(visit)}"
        diagnostic = Diagnostic(
            code, visit.file.path, Span(*place), message, finding.instead, visit.chain
        )
        if finding.fix is not None:
            from wfc.compiler.checks.fixes.offers import with_offer

            request = finding.fix if _owned(visit) else replace(finding.fix, safety="unsafe")
            in_loop = visit.entry.function.asynchronous
            diagnostic = with_offer(diagnostic, request, visit.file.text, in_loop=in_loop)
        return _Raw(diagnostic, visit.file, visit)

    # --- Suppressions ----------------------------------------------------------------------------

    def suppress(self, found: Iterable[_Raw]) -> tuple[list[Diagnostic], set[tuple[str, Place]]]:
        """What is left after suppressions and per-path settings, each place once with the shortest
        way to it; and the suppressions that were needed."""
        kept: dict[tuple[str, str, Span], Diagnostic] = {}
        used: set[tuple[str, Place]] = set()
        for raw in found:
            diagnostic = raw.diagnostic
            names = (diagnostic.code.code, diagnostic.code.name)
            ignored = self.settings.ignored_in(diagnostic.path)
            if any(covers(selector, *names) for selector in ignored):
                continue
            hits = [
                (file.path, suppression.place)
                for file, suppression in self._candidates(raw)
                if any(covers(code, *names) for code in suppression.codes)
            ]
            if hits:
                used.update(hits)
            else:
                place = (diagnostic.code.code, diagnostic.path, diagnostic.span)
                kept.setdefault(place, diagnostic)
        return list(kept.values()), used

    def _candidates(self, raw: _Raw) -> Iterator[tuple[File, Suppression]]:
        """The suppressions that stand at a finding, at a call that leads to it, or for its file."""
        span = raw.diagnostic.span
        for suppression in raw.file.facts.suppressions:
            if suppression.line == 0 or span.line <= suppression.line <= span.end_line:
                yield raw.file, suppression
        loaded = {file.path: file for file in self.project.loaded.values()}
        for path, line in raw.visit.silenced:
            file = loaded.get(path)
            if file is not None:
                yield file, self.context.graph.silencers(file)[line]

    def comments(self, files: Iterable[File], used: set[tuple[str, Place]]) -> Iterator[Diagnostic]:
        """Suppressions that are wrong or of no use."""
        for file in files:
            for suppression in file.facts.suppressions:
                yield from self.comment(file, suppression, (file.path, suppression.place) in used)

    def comment(self, file: File, suppression: Suppression, used: bool) -> Iterator[Diagnostic]:
        span = Span(*suppression.place)
        if not suppression.codes and self.wants(INVALID_SUPPRESSION):
            message = "this comment does not say which code it ignores"
            instead = "name it: # wfc: ignore[WFC101] and why"
            yield INVALID_SUPPRESSION.at(file.path, span, message, instead=instead)
            return
        unknown = [c for c in suppression.codes if c not in self.codes and c not in self.names]
        unknown = [c for c in unknown if not any(known.startswith(c) for known in self.codes)]
        for code in unknown:
            if self.wants(INVALID_SUPPRESSION):
                message = self._unknown(code)
                yield INVALID_SUPPRESSION.at(file.path, span, message)
        if unknown or used or not self.wants(UNUSED_SUPPRESSION):
            return
        if all(self.runs(code) for code in suppression.codes):
            listed = ", ".join(suppression.codes)
            message = f"nothing here is reported as {listed}"
            instead = "remove the comment"
            from wfc.compiler.checks.fixes.offers import without_comment

            found = UNUSED_SUPPRESSION.at(file.path, span, message, instead=instead)
            yield without_comment(found, file.text)

    def _unknown(self, code: str) -> str:
        if _REFUSAL.fullmatch(code):
            return f"`{code}` is no rule; no comment can allow what the compiler refuses"
        close = closest_rule(code, [*self.codes, *self.names])
        return f"there is no rule `{code}`{question(close)}"

    def wants(self, code: Code) -> bool:
        return chosen(self.settings, code.code, code.name, True)

    def runs(self, selector: str) -> bool:
        """Whether a rule that a suppression names was on; of one that was off nothing is known."""
        return any(covers(selector, rule.code, rule.name) for rule in self.rules)


def chosen(settings: Settings, code: str, name: str, default: bool) -> bool:
    """Whether the settings turn a rule on."""
    if any(covers(selector, code, name) for selector in settings.ignore):
        return False
    if any(covers(selector, code, name) for selector in settings.extend_select):
        return True
    if settings.select:
        return any(covers(selector, code, name) for selector in settings.select)
    return default or settings.strict


def _owned(visit: Visit) -> bool:
    """Whether only the workflow itself runs a function; others may call a helper too, outside any
    workflow, where the engine's functions do not work."""
    return visit.function is visit.entry.function or visit.in_own_class


def _where(visit: Visit) -> str:
    """``in workflow `payout` `` or how the workflow gets here."""
    kind = visit.entry.role.kind
    entry, *way = [link.name for link in visit.chain]
    if not way:
        return f" in {kind} `{entry}`"
    shown = way if len(way) <= 3 else [*way[:1], "...", way[-1]]
    through = ", ".join(f"`{name}`" if name != "..." else name for name in shown)
    return f"; {kind} `{entry}` reaches it through {through}"
