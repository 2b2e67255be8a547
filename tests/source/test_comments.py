"""Comments of a workflow go with its statements."""

from __future__ import annotations

import textwrap

import pytest

from wfc.compiler.language import nodes as n
from wfc.compiler.language.walk import statements
from wfc.compiler.pipeline import read

HEAD = "from wfc import step, workflow\n\n@step\ndef f(x: int) -> int: ...\n\n"


def comments(body: str) -> list[str]:
    """Kind, comments above and comment at the end of each statement that has one."""
    flow = "@workflow\ndef flow(x: int) -> None:\n" + textwrap.indent(textwrap.dedent(body), "    ")
    reading = read("comments.py", HEAD + flow)
    assert [d.message for d in reading.diagnostics] == []
    assert reading.module is not None
    return [
        f"{type(one).__name__}: {one.comment!r} {one.trailing!r}"
        for one in statements(reading.module.workflows[0].body)
        if one.comment or one.trailing
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("# above\nf(x)  # behind\n", ["StepCall: 'above' 'behind'"]),
        ("# one\n\n# two\nf(x)\n", ["StepCall: 'one\\ntwo' ''"]),
        ("#: marked\n#!bare\nf(x)\n", ["StepCall: ': marked\\n!bare' ''"]),
        ("f(x)  # wfc: name own\n", []),
        ("f(x)  # noqa: E501\n", []),
        ("f(  # why\n    x,  # which\n)  # behind\n", ["StepCall: 'why\\nwhich' 'behind'"]),
        ("if x:  # test\n    # inner\n    f(x)\n", ["If: '' 'test'", "StepCall: 'inner' ''"]),
        (
            "if x:\n    f(1)\n# or\nelif x > 1:  # second\n    f(2)\n",
            ["If: 'or' 'second'"],
        ),
        (
            "if x:\n    f(1)\n# else\nelse:  # now\n    # inner\n    f(2)\n",
            ["StepCall: 'else\\nnow\\ninner' ''"],
        ),
        (
            "try:  # attempt\n    f(1)\n# failed\nexcept ValueError:  # so what\n    f(2)\n",
            ["Try: '' 'attempt'"],
        ),
        ("while x:  # loop\n    x -= 1\n", ["While: '' 'loop'"]),
        ("text = '# not a comment'\nf(len(text))  # a comment\n", ["StepCall: '' 'a comment'"]),
        ("# above\nx = f(1) + f(2)  # behind\n", ["StepCall: 'above' ''", "Assign: '' 'behind'"]),
    ],
)
def test_comments_stay_with_their_statements(body: str, expected: list[str]) -> None:
    assert comments(body) == expected


def test_comments_of_definitions_are_part_of_their_source() -> None:
    text = HEAD + (
        "# About the rate.\nRATE = 3  # per cent\n\n\n# A helper.\n"
        "def half(x: int) -> int:\n    return x // 2  # down\n    # the end\n\n\n"
        "@workflow\ndef flow(x: int) -> int:\n    return half(x)\n"
    )
    module = read("comments.py", text).module
    assert module is not None
    assert module.constants[0].source == "# About the rate.\nRATE = 3  # per cent"
    assert module.helpers[0].source == (
        "# A helper.\ndef half(x: int) -> int:\n    return x // 2  # down\n    # the end"
    )


def test_body_of_a_step() -> None:
    text = (
        "from wfc import step, workflow\n\n"
        "@step\ndef f(\n    x: int,  # which\n) -> str:\n    # first\n"
        '    """Doc."""\n\n    text = """a\n  b\n    c"""\n    return text\n    # last\n\n\n'
        "@step\nasync def g(x: int) -> int: return x\n\n"
        "@workflow\ndef flow(x: int) -> str:\n    return f(x)\n"
    )
    module = read("steps.py", text).module
    assert module is not None
    assert module.steps[0].body == (
        '# first\n"""Doc."""\n\ntext = """a\n  b\n    c"""\nreturn text\n# last'
    )
    assert module.steps[1].body == "return x"
    assert isinstance(module.workflows[0].body[0], n.StepCall)
