"""Every rule on its own cases, and what holds for all rules."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.checks.linting import lint, marked, sites
from tests.checks.rules import BY_ENGINES, CASES, RULES
from wfc.backends.lint import engines
from wfc.compiler.checks.calls.externals import external
from wfc.compiler.checks.fixes.edits import apply_fixes
from wfc.compiler.checks.judging.rule import Rule
from wfc.compiler.checks.judging.tables import NameRule, NameTable
from wfc.compiler.checks.linting.settings import Settings
from wfc.compiler.checks.reading.facts import Use
from wfc.compiler.checks.reading.parsing import parse
from wfc.compiler.checks.wordsets import words


def cases(attribute: str) -> list[Any]:
    return [
        pytest.param(rule, source, id=f"{rule.code}-{number}")
        for rule in RULES
        for number, source in enumerate(
            source for cases in CASES[rule] for source in getattr(cases, attribute)
        )
    ]


@pytest.mark.parametrize(("rule", "source"), cases("VALID"))
def test_rule_is_silent_on_its_valid_cases(rule: type[Rule], source: str) -> None:
    found = lint(source, Settings(select=(rule.code,)))

    assert [f"{d.span.line}: {d.code.code} {d.message}" for d in found] == []


@pytest.mark.parametrize(("rule", "source"), cases("INVALID"))
def test_rule_reports_the_marked_lines_of_its_invalid_cases(rule: type[Rule], source: str) -> None:
    found = lint(source, Settings(select=(rule.code,)))

    assert sites(found) == marked(source)


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        pytest.param(rule, before, after, id=f"{rule.code}-{number}")
        for rule in RULES
        for number, (before, after) in enumerate(
            pair for cases in CASES[rule] for pair in zip(cases.INVALID, cases.FIXED, strict=False)
        )
        if after
    ],
)
def test_fix_of_a_rule_gives_the_fixed_case(rule: type[Rule], before: str, after: str) -> None:
    found = lint(before, Settings(select=(rule.code,)))

    fixed = apply_fixes(found, {"flow.py": before}, ("safe", "unsafe"))

    assert fixed.texts["flow.py"] == after


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_documents_itself(rule: type[Rule]) -> None:
    assert re.fullmatch(r"WFC1\d\d", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert rule.summary.endswith(".")
    assert len(rule.summary) <= 90
    page = rule.as_code(engines())
    assert page.why.endswith(".")
    assert any(cases.VALID for cases in CASES[rule])
    assert any(cases.INVALID for cases in CASES[rule])
    assert re.fullmatch(r"\d+\.\d+\.\d+", rule.since)
    for example in (page.bad, page.good):
        assert example
        if not example.startswith("# pyproject.toml"):
            parse(example)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("WFC136", "workflow `F` has a versioning_behavior that no worker uses"),
        ("WFC144", "step `charge` has a timeout and is not async"),
    ],
)
def test_a_message_about_a_definition_names_no_caller(code: str, message: str) -> None:
    (rule,) = (rule for rule in RULES if rule.code == code)

    assert [d.message for d in lint(rule.INVALID[0], Settings(select=(code,)))] == [message]


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_engines_have_cases_of_general_rules_only() -> None:
    general = {rule.code for rule in RULES if rule.only is None}

    for found in BY_ENGINES.values():
        assert {cases.code for cases in found} <= general
        assert len({cases.code for cases in found}) == len(found)


# Members of Temporal's list that are no nondeterministic calls by themselves.
NOT_CALLED = {
    "asyncio.as_completed.__call__",  # asyncio.as_completed is known
    "asyncio.wait.__call__",
    "os.path",  # its functions are known one by one; most are pure
    "zoneinfo.ZoneInfo.reset_tzpath",  # the function is zoneinfo.reset_tzpath
}
WILDCARDS_KNOWN_BY_MEMBER = {"concurrent.futures", "getpass"}


def test_tables_cover_the_members_that_the_temporal_sandbox_restricts() -> None:
    from temporalio.worker.workflow_sandbox import SandboxMatcher, SandboxRestrictions

    members: set[str] = set()
    wildcards: set[str] = set()

    def collect(matcher: SandboxMatcher, path: str) -> None:
        below = f"{path}." if path else ""
        for name in [*matcher.use, *matcher.access]:
            if name == "*":
                wildcards.add(path)
            else:
                members.add(f"{below}{name}")
        if matcher.match_self:
            members.add(path)
        for name, child in matcher.children.items():
            collect(child, f"{below}{name}")

    collect(SandboxRestrictions.invalid_module_members_default, "")
    table = NameTable((rule for rule in RULES if issubclass(rule, NameRule)), engines())

    def known(member: str) -> bool:
        name = member.replace("__builtins__", "builtins")
        return table.rule_of(external(name), Use("call", None, (1, 1, 1, 1), name)) is not None

    assert {member for member in members if not known(member)} == NOT_CALLED
    assert wildcards - set(table.modules) == WILDCARDS_KNOWN_BY_MEMBER


@pytest.mark.parametrize(
    "member",
    sorted(
        words("""
            time.gmtime time.ctime time.asctime time.strftime time.clock_gettime
            time.clock_gettime_ns timeit.default_timer email.utils.localtime
            datetime.datetime.fromtimestamp datetime.datetime.astimezone random.Random
            random.SystemRandom _random.Random uuid.getnode email.utils.make_msgid
            posix.getpid sys.argv sys.getrefcount builtins.id builtins.hash gc.collect
            tracemalloc.get_traced_memory os.stat io.open sqlite3.connect
            ssl.create_default_context
        """)
    ),
)
def test_tables_cover_the_measured_gaps_of_the_sandbox(member: str) -> None:
    table = NameTable((rule for rule in RULES if issubclass(rule, NameRule)), engines())

    assert table.rule_of(external(member), Use("call", None, (1, 1, 1, 1), member)) is not None


@pytest.mark.parametrize(
    "name",
    sorted(
        words("""
            os.SEEK_SET os.path.join signal.SIGTERM http.client.OK shutil.Error
            datetime.datetime uuid.uuid5 uuid.UUID json.dumps hashlib.sha256
            calendar.timegm weakref.WeakSet zoneinfo.ZoneInfo requests.RequestException
            subprocess.CalledProcessError math.floor re.compile decimal.Decimal
            sqlalchemy.select httpx.Timeout sys.intern inspect.stack inspect.currentframe
            getopt.getopt urllib.request.quote urllib.parse.urlsplit os.PathLike os.WEXITSTATUS
            boto3.dynamodb.conditions.Key numpy.random.Generator sqlite3.Binary
        """)
    ),
)
def test_tables_leave_constants_types_and_pure_functions_alone(name: str) -> None:
    everywhere = [rule for rule in RULES if issubclass(rule, NameRule) and rule.only is None]
    table = NameTable(everywhere, engines())

    called = ("call",) if not name.rpartition(".")[2].isupper() else ()  # nobody calls a constant
    for kind in ("read", "pass", *called):
        assert table.rule_of(external(name), Use(kind, None, (1, 1, 1, 1), name)) is None
