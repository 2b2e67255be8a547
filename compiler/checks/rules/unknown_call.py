"""WFC121: calls into packages that the linter does not know."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.wordsets import words

_KNOWN = words(
    "pydantic pydantic_core attrs attr typing_extensions dateutil orjson msgspec more_itertools "
    "toolz sqlalchemy jmespath jsonschema cattrs marshmallow pytz tzdata yaml babel "
    "phonenumbers builtins"
)


class UnknownCall(Rule):
    code = "WFC121"
    name = "unknown-call"
    summary = "A workflow calls an installed package that the linter knows nothing about."
    why = (
        "The linter follows calls through the project's own files and knows the standard "
        "library and many packages by name. Of any other package it cannot tell whether a call "
        "is deterministic. The rule is off unless --strict or `select` asks for it; `trusted` "
        "in [tool.wfc.lint] names functions that are fine."
    )
    bad = "@workflow\ndef f(text: str) -> str:\n    return some_package.convert(text)"
    good = '# pyproject.toml\n[tool.wfc.lint]\ntrusted = ["some_package.convert"]'
    severity = "warning"
    default = False
    kinds = ("call",)

    VALID = (
        "import json, pydantic\nfrom wfc import workflow\n\n@workflow\ndef f(text: str) -> str:\n"
        "    return json.loads(text)['a'] + str(pydantic.TypeAdapter(int))\n",
    )
    INVALID = (
        "import some_package\nfrom wfc import workflow\n\n@workflow\ndef f(text: str) -> str:\n"
        "    return some_package.convert(text)  # WFC121\n",
    )

    def check(self, at: Sighting) -> Iterator[Finding]:
        for target in at.targets:
            if not isinstance(target, External) or "()" in target.name:
                continue
            package = target.name.partition(".")[0]
            known = package in _KNOWN or package in sys.stdlib_module_names
            known = known or package in at.context.engines.packages
            if known or at.context.names.rule_of(target, at.use) is not None:
                continue
            message = f"nothing is known about `{target.name}()`"
            yield Finding(message, f"{at.engine.advice('io')}, or list it under `trusted`")
            return
