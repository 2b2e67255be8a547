"""The codes of reading a file: ``WFC0xx`` its text and constructs, ``WFC2xx`` types and values."""

from __future__ import annotations

from typing import Final

from wfc.compiler.diagnostics.model import Code

# --- The file ---------------------------------------------------------------------------------

FILE_MISSING: Final = Code(
    "WFC001",
    "file-missing",
    "There is no file of that name.",
    "The path given on the command line does not exist, relative to the current folder.",
    bad="wfc compile payuot.py",
    good="wfc compile payout.py",
)
FILE_IS_DIRECTORY: Final = Code(
    "WFC002",
    "file-is-directory",
    "The path is a folder, not a file.",
    "A workflow module is one Python file; name it.",
    bad="wfc compile samples/",
    good="wfc compile samples/payout.py",
)
FILE_UNREADABLE: Final = Code(
    "WFC003",
    "file-unreadable",
    "The file exists but cannot be read.",
    "The operating system refused to open the file, for example because of its permissions; or it "
    "is a pipe, or its name is no text that generated files could bear.",
    bad="chmod 000 payout.py && wfc compile payout.py",
    good="chmod 644 payout.py && wfc compile payout.py",
)
NOT_UTF8: Final = Code(
    "WFC004",
    "not-utf8",
    "The file is not text in its encoding.",
    "Python source is UTF-8 unless a comment in its first two lines names another encoding (PEP "
    "263). A file with other bytes cannot be read; what wfc writes is always UTF-8.",
    bad="# saved as latin-1, and nothing says so",
    good="iconv -f latin1 -t utf-8 payout.py > payout_utf8.py",
)
EMPTY_FILE: Final = Code(
    "WFC005",
    "empty-file",
    "The file is empty.",
    "There is nothing in it that could be compiled.",
    bad="",
    good='@workflow\ndef greet(name: str) -> str:\n    return f"hello {name}"',
)
SYNTAX_ERROR: Final = Code(
    "WFC006",
    "syntax-error",
    "The file is not valid Python.",
    "wfc reads ordinary Python; what the interpreter refuses, it cannot read either.",
    bad="if amount > 5\n    check(amount)",
    good="if amount > 5:\n    check(amount)",
)
TOO_DEEP: Final = Code(
    "WFC007",
    "nested-too-deeply",
    "An expression or a block is nested too deeply.",
    "Expressions nested hundreds of levels deep exhaust the stack of Python and the limits of the "
    "engines, whose evaluators stop at a depth of about one hundred.",
    bad="total = a + b + c + ...  # hundreds of terms",
    good="subtotal = a + b + c\ntotal = subtotal + d + e",
    refusal="cannot be supported",
)

# --- The module -------------------------------------------------------------------------------

STAR_IMPORT: Final = Code(
    "WFC010",
    "star-import",
    "A star import from wfc hides which names are meant.",
    "wfc reads a file without executing it, so it must see where each name comes from.",
    bad="from wfc import *",
    good="from wfc import step, workflow",
    refusal="cannot be supported",
)
NO_WORKFLOW: Final = Code(
    "WFC011",
    "no-workflow",
    "The file defines no workflow.",
    "There is nothing to compile: a workflow is a function decorated with @workflow.",
    bad="def payout(amount: int) -> int:\n    return amount",
    good="@workflow\ndef payout(amount: int) -> int:\n    return amount",
)
DUPLICATE_DEFINITION: Final = Code(
    "WFC012",
    "duplicate-definition",
    "A name is defined twice.",
    "Python keeps the last definition, so what a use of the name means would depend on its place.",
    bad="@step\ndef charge(): ...\n\n@step\ndef charge(): ...",
    good="@step\ndef charge(): ...\n\n@step\ndef charge_again(): ...",
)
UNSOUND: Final = Code(
    "WFC025",
    "unsound",
    "What wfc has read of the module breaks a rule of its own language.",
    "Every later pass relies on these rules: each name is defined once and bound before it is "
    "read, each type and each field is known. Python may refuse such a module too, or wfc may have "
    "misread it; it is compiled in neither case.",
    bad="# what no other code is about",
    good="# the same in other words",
)
FIELD_ORDER: Final = Code(
    "WFC026",
    "field-order",
    "A field without a default follows one with a default.",
    "Python raises TypeError when it makes such a dataclass, so the module cannot be imported.",
    bad="@dataclass\nclass Item:\n    count: int = 1\n    tags: list[str]",
    good="@dataclass\nclass Item:\n    tags: list[str]\n    count: int = 1",
    refusal="cannot be supported",
)
DEFINED_LATER: Final = Code(
    "WFC027",
    "defined-later",
    "The module needs a name above its definition.",
    "Decorators, defaults, base classes and constants are evaluated when the module is imported, "
    "from the top to the bottom: Python raises NameError there.",
    bad="@step(retry=QUICK)\ndef charge(): ...\n\nQUICK = Retry(attempts=2)",
    good="QUICK = Retry(attempts=2)\n\n@step(retry=QUICK)\ndef charge(): ...",
    refusal="cannot be supported",
)
SHARED_DEFAULT: Final = Code(
    "WFC028",
    "shared-default",
    "The default of a dataclass field is one that can be changed.",
    "All instances would share it. Python raises ValueError when it makes the class, so the module "
    "cannot be imported.",
    bad="@dataclass\nclass Order:\n    lines: list[str] = []",
    good="@dataclass\nclass Order:\n    lines: list[str] = field(default_factory=list)",
    refusal="cannot be supported",
)
DECORATOR: Final = Code(
    "WFC013",
    "decorator",
    "A step or workflow has another decorator, or one that is misplaced.",
    "A decorator may replace the function by anything; wfc cannot know what it does, and the "
    "generated code would lose it.",
    bad="@workflow\n@cached\ndef payout(amount: int) -> int: ...",
    good="@workflow\ndef payout(amount: int) -> int: ...",
    refusal="cannot be supported",
)
OPTION: Final = Code(
    "WFC014",
    "option",
    "An option of a decorator is unknown or its value cannot be read.",
    "Options become settings of an engine, so wfc must know their values without running the file.",
    bad='@step(timeut="30s")',
    good='@step(timeout="30s")',
)
DURATION: Final = Code(
    "WFC015",
    "duration",
    "A duration cannot be read.",
    'A duration is a timedelta, a number of seconds, or text such as "30s", "2h" or "7 days".',
    bad='sleep("3 dayz")',
    good='sleep("3 days")',
)
RETRY: Final = Code(
    "WFC016",
    "retry-policy",
    "A retry policy cannot be read.",
    "Retry(*errors, attempts=3, first_delay='1s', backoff=2.0, max_delay=None, jitter=False) "
    "becomes the policy of an engine, so its values must be constants. Several steps can share one "
    "that has a name: BANK_RETRY = Retry(...).",
    bad="@step(retry=Retry(attempts=0))",
    good="@step(retry=Retry(attempts=3))",
)
SIGNATURE: Final = Code(
    "WFC017",
    "signature",
    "A parameter of a kind that has no counterpart.",
    "The arguments of steps and workflows are JSON objects by parameter name, and defaults are "
    "filled in by the compiler.",
    bad="@step\ndef charge(*items: str) -> None: ...",
    good="@step\ndef charge(items: list[str]) -> None: ...",
    refusal="cannot be supported",
)
RECORD_FORM: Final = Code(
    "WFC018",
    "record-form",
    "A record or enum is written in a form that wfc cannot read.",
    "Records describe JSON data: fields with types and constant defaults. Code that runs while an "
    "instance is made has no counterpart on an engine.",
    bad="@dataclass\nclass Order:\n    total: int\n\n    def __post_init__(self): ...",
    good="@dataclass\nclass Order:\n    total: int",
    refusal="not supported yet",
)
FEATURE_NOT_YET: Final = Code(
    "WFC019",
    "feature-not-yet",
    "A part of wfc's author interface that the compiler does not know yet.",
    "The name belongs to the interface, but no target can express it so far.",
    bad='answer = receive("topic")',
    good="answer = poll(topic)",
    refusal="not supported yet",
)

# --- Statements and expressions ---------------------------------------------------------------

STATEMENT_NOT_YET: Final = Code(
    "WFC020",
    "statement-not-yet",
    "A statement that wfc does not support yet.",
    "The statement has a meaning on the engines, but the compiler does not know it so far.",
    bad="assert amount > 0",
    good='if amount <= 0:\n    raise ValueError("amount must be positive")',
    refusal="not supported yet",
)
STATEMENT_NEVER: Final = Code(
    "WFC021",
    "statement-never",
    "A statement that has no place in a workflow.",
    "A workflow is replayed and moved between engines; statements that depend on the process it "
    "runs in cannot mean the same there.",
    bad="global counter",
    good="counter = counter + 1  # a local variable",
    refusal="cannot be supported",
)
EXPRESSION_NOT_YET: Final = Code(
    "WFC022",
    "expression-not-yet",
    "An expression that wfc does not support yet.",
    "The expression has a meaning on the engines, but the compiler does not know it so far.",
    bad="if (n := count(items)) > 3: ...",
    good="n = count(items)\nif n > 3: ...",
    refusal="not supported yet",
)
EXPRESSION_NEVER: Final = Code(
    "WFC023",
    "expression-never",
    "An expression that has no place in a workflow.",
    "Values of a workflow are JSON data that an engine records; functions, bytes and complex "
    "numbers have no such form.",
    bad="callback = charge",
    good="receipt = charge(order)",
    refusal="cannot be supported",
)

# --- Steps ------------------------------------------------------------------------------------

SILENT_HEARTBEAT: Final = Code(
    "WFC024",
    "silent-heartbeat",
    "A step with a heartbeat has nothing to report with.",
    "`heartbeat=` ends an attempt that has not reported for that long. A step reports by calling "
    "its `Heartbeat` parameter; one that has none would be ended in the middle of its work.",
    bad='@step(heartbeat="10s")\ndef load(url: str) -> str: ...',
    good='@step(heartbeat="10s")\ndef load(url: str, beat: Heartbeat = injected) -> str:\n'
    "    for part in parts(url):\n"
    "        beat()",
)

# --- Sites ------------------------------------------------------------------------------------

SITE_NAME: Final = Code(
    "WFC030",
    "site-name",
    "A '# wfc: name' comment that cannot be followed.",
    "The name of a site becomes a step name and a state name: letters, digits and underscores, and "
    "it must be clear which one operation of the line is meant.",
    bad="charge(order)  # wfc: name charge-it!",
    good="charge(order)  # wfc: name charge_it",
)
SITE_COLLISION: Final = Code(
    "WFC031",
    "site-collision",
    "Two operations of a workflow have the same name.",
    "Engines find the recorded result of an operation by its name, so it must be unique in the "
    "workflow, also when letter case and underscores are disregarded.",
    bad="charge(a)  # wfc: name pay\ncharge(b)  # wfc: name pay",
    good="charge(a)  # wfc: name pay_first\ncharge(b)  # wfc: name pay_second",
)

# --- Calls ------------------------------------------------------------------------------------

CALL_OF_SUPPORT: Final = Code(
    "WFC040",
    "call-of-support",
    "A workflow uses module-level code that only steps may use.",
    "The code of a workflow is translated; what cannot be translated must run inside a step.",
    bad="client = Client()\n\n@workflow\ndef pay() -> str:\n    return client.pay()",
    good="client = Client()\n\n@step\ndef send() -> str:\n    return client.pay()\n\n"
    "@workflow\ndef pay() -> str:\n    return send()",
    refusal="cannot be supported",
)
CALL_OF_LIBRARY: Final = Code(
    "WFC041",
    "call-of-library",
    "A workflow calls a function that is not part of the portable language.",
    "Only functions whose result is the same on every engine and in every replay can be called in "
    "a workflow; everything else belongs into a step.",
    bad="@workflow\ndef load(url: str) -> str:\n    return requests.get(url).text",
    good="@step\ndef fetch(url: str) -> str:\n    return requests.get(url).text\n\n"
    "@workflow\ndef load(url: str) -> str:\n    return fetch(url)",
    refusal="cannot be supported",
)
ARGUMENTS: Final = Code(
    "WFC042",
    "arguments",
    "A call does not fit the parameters of what it calls.",
    "Python would raise TypeError when the call runs.",
    bad="@step\ndef charge(order: str, amount: int) -> None: ...\n\ncharge(order)",
    good="charge(order, 100)",
)
RECURSIVE_WORKFLOW: Final = Code(
    "WFC043",
    "recursive-workflow",
    "A workflow starts itself, directly or through others.",
    "Each child workflow is a new execution with its own history; an unbounded chain of them has "
    "no counterpart on all engines.",
    bad="@workflow\ndef poll() -> None:\n    sleep(5)\n    poll()",
    good="@workflow\ndef poll() -> None:\n    while not done():\n        sleep(5)",
    refusal="not supported yet",
)
RECURSIVE_HELPER: Final = Code(
    "WFC044",
    "recursive-helper",
    "A helper function calls itself, directly or through others.",
    "Helpers become expressions of the target, which cannot call themselves.",
    bad="def total(items: list[int]) -> int:\n    return items[0] + total(items[1:])",
    good="def total(items: list[int]) -> int:\n    return sum(items)",
    refusal="cannot be supported",
)
OPERATION_IN_HELPER: Final = Code(
    "WFC045",
    "operation-in-helper",
    "A helper function contains an operation.",
    "Helpers are pure for now: steps, sleeps and child workflows are started by workflows.",
    bad="def settle(id: str) -> None:\n    charge(id)\n\n@workflow\ndef pay(id: str) -> None:\n"
    "    settle(id)",
    good="@workflow\ndef settle(id: str) -> None:\n    charge(id)\n\n@workflow\n"
    "def pay(id: str) -> None:\n    settle(id)",
    refusal="not supported yet",
)
OPERATION_PLACE: Final = Code(
    "WFC046",
    "operation-place",
    "An operation stands where it cannot be recorded.",
    "Inside a comprehension, a lambda or a default value the number of calls is hidden in an "
    "expression; engines record operations as statements.",
    bad="results = [charge(order) for order in orders]",
    good="results: list[str] = []\nfor order in orders:\n    results.append(charge(order))",
    refusal="not supported yet",
)
AWAIT: Final = Code(
    "WFC047",
    "await",
    "await is missing, or stands before something that is no operation.",
    "In an async workflow each operation is awaited; nothing else can be.",
    bad="async def pay() -> None:\n    charge()",
    good="async def pay() -> None:\n    await charge()",
)
METHOD: Final = Code(
    "WFC048",
    "method",
    "A method that is not part of the portable language.",
    "Only methods whose result is the same on every engine can be called in a workflow.",
    bad="text.encode()",
    good="text.upper()",
    refusal="cannot be supported",
)
INTERFACE_IN_STEP: Final = Code(
    "WFC049",
    "interface-in-step",
    "The code of a step uses a name of wfc.",
    "Steps, and the functions they call, become part of the generated code as they are written, "
    "and generated code never imports wfc. What wfc has for workflows, such as sleep, has no "
    "meaning inside a step.",
    bad="@step\ndef load(url: str) -> str:\n    wfc.sleep(5)\n    return fetch(url)",
    good="@workflow\ndef flow(url: str) -> str:\n    sleep(5)\n    return load(url)",
    refusal="cannot be supported",
)

# --- Errors -----------------------------------------------------------------------------------

BARE_EXCEPT: Final = Code(
    "WFC050",
    "bare-except",
    "A bare except also catches what must pass.",
    "It would catch the cancellation of a run and the exit of the process; engines catch failures "
    "by class.",
    bad="try:\n    charge()\nexcept:\n    refund()",
    good="try:\n    charge()\nexcept Exception:\n    refund()",
    refusal="cannot be supported",
)
ERROR_VALUE: Final = Code(
    "WFC051",
    "error-value",
    "A caught error is used as a value.",
    "Between engines an error is its class name and its message; the object does not travel.",
    bad="except PaymentError as error:\n    report(error)",
    good="except PaymentError as error:\n    report(str(error))",
    refusal="not supported yet",
)
RAISE_FORM: Final = Code(
    "WFC052",
    "raise-form",
    "A raise statement in a form that wfc cannot carry over.",
    "An error is raised by its class with one message, or once more in the handler that caught it.",
    bad='raise PaymentError("declined", 402)',
    good='raise PaymentError("declined: 402")',
    refusal="not supported yet",
)
ERROR_CLASS: Final = Code(
    "WFC053",
    "error-class",
    "A class that is not known as an exception.",
    "Errors are matched by the class hierarchy of the module and of Python's builtin exceptions; a "
    "class from elsewhere is not visible to the compiler.",
    bad="except requests.Timeout: ...",
    good="class BankTimeout(Exception): ...\n\nexcept BankTimeout: ...",
    refusal="cannot be supported",
)

# --- Types and values -------------------------------------------------------------------------

UNBOUND: Final = Code(
    "WFC201",
    "unbound-variable",
    "A variable may have no value here.",
    "On one of the ways to this place nothing was assigned; Python would raise UnboundLocalError.",
    bad="if amount > 5:\n    note = 'large'\nreturn note",
    good="note = ''\nif amount > 5:\n    note = 'large'\nreturn note",
)
NO_JSON_FORM: Final = Code(
    "WFC202",
    "no-json-form",
    "A type whose values are not JSON data.",
    "Values that cross the boundary of a step or workflow are recorded as JSON: None, bool, int, "
    "float, str, list, dict with text keys, tuple, Literal, enums, datetime, timedelta, "
    "dataclasses and TypedDicts of this file.",
    bad="@step\ndef load() -> Decimal: ...",
    good="@step\ndef load() -> str: ...",
)
TYPE_ERROR: Final = Code(
    "WFC203",
    "type-error",
    "The types do not fit.",
    "Python would raise TypeError, or the engines would disagree about the result.",
    bad='total = 5 + "5"',
    good='total = 5 + int("5")',
)
TYPE_NEEDED: Final = Code(
    "WFC204",
    "type-needed",
    "The meaning of this depends on a type that is not known.",
    "Values that cross a boundary without an annotation are plain JSON data: no records, no enums.",
    bad="@step\ndef load(id: str): ...\n\ntotal = load(id).total",
    good="@step\ndef load(id: str) -> Order: ...\n\ntotal = load(id).total",
)
MAY_RAISE: Final = Code(
    "WFC205",
    "expression-error-in-try",
    "An expression that may raise stands in a try that would catch it.",
    "Engines tell failures of operations apart; an error inside an expression (a missing key, a "
    "division by zero) cannot be caught in the same way everywhere.",
    bad="try:\n    charge(prices[kind])\nexcept Exception: ...",
    good="price = prices[kind]\ntry:\n    charge(price)\nexcept Exception: ...",
    refusal="cannot be supported",
)
UNKNOWN_NAME: Final = Code(
    "WFC206",
    "unknown-name",
    "A name that is not defined.",
    "Python would raise NameError.",
    bad="return totl",
    good="return total",
)
UNKNOWN_FIELD: Final = Code(
    "WFC207",
    "unknown-field",
    "A record or enum does not have this field.",
    "Python would raise AttributeError, KeyError or TypeError.",
    bad="order.totl",
    good="order.total",
)
MODULE_STATE: Final = Code(
    "WFC208",
    "module-state",
    "A workflow changes something of the module.",
    "Module state belongs to one process; a workflow moves between processes and is replayed.",
    bad="SEEN: list[str] = []\n\n@workflow\ndef pay(id: str) -> None:\n    SEEN.append(id)",
    good="@workflow\ndef pay(id: str) -> None:\n    seen = [id]",
    refusal="cannot be supported",
)
