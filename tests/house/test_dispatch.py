"""Every place that decides by the class of a node is total, or says why it is not."""

from __future__ import annotations

import textwrap

import pytest

from tests.house.dispatch import dispatches, families, sources


def test_no_dispatch_may_pass_over_a_class_in_silence() -> None:
    loose = [
        f"{found.path}:{found.line} decides between {', '.join(sorted(found.classes))}"
        for path, text in sources()
        for found in dispatches(path, text)
        if not found.total and not found.excused
    ]
    assert not loose, "\n".join(loose)


def test_families_are_found_in_the_code() -> None:
    assert {"If", "StepCall", "Lambda", "UnionType", "Perform", "Relay", "Bracket"} <= families()


HEAD = "def f(node):\n"


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("match node:\n  case If(): pass\n  case While(): pass", True),
        ("match node:\n  case ir.If() | ir.While(): pass", True),
        ("match node:\n  case If(): pass\n  case While(): pass\n  case _: pass", True),
        ("if isinstance(node, If): pass\nelif isinstance(node, While): pass", True),
        ("if isinstance(node, If | For): pass\nelif isinstance(node, While): pass", True),
        (
            "match node:\n  case If(): pass\n  case While(): pass\n  case _: assert_never(node)",
            False,
        ),
        ("match node:\n  case If(): pass\n  case While(): pass\nassert_never(node)", False),
        ("# partial: no other\nmatch node:\n  case If(): pass\n  case While(): pass", False),
        ("# partial:\nmatch node:\n  case If(): pass\n  case While(): pass", True),
        ("if isinstance(node, If): return 1\nif isinstance(node, For): return 2", True),
        (
            "if isinstance(node, If): return 1\nif isinstance(node, For): return 2\n"
            "assert_never(node)",
            False,
        ),
        ("if isinstance(node, If): return 1\nif isinstance(other, For): return 2", False),
        ("match node, other:\n  case If(), For(): pass", True),
        ("table = {If: 1, ir.For: 2}", True),
        ("# partial: no other\ntable = {If: 1, ir.For: 2}", False),
        ("match node:\n  case If():\n    # partial: inside\n    pass\n  case For(): pass", True),
        ("match node:\n  case If(): pass\n  case _: pass", False),  # a question about one class
        ("match node:\n  case ast.If(): pass\n  case ast.While(): pass", False),  # Python's own
        ("match node:\n  case str(): pass\n  case int(): pass", False),
    ],
)
def test_what_counts_as_a_dispatch(text: str, loose: bool) -> None:
    found = dispatches("x.py", HEAD + textwrap.indent(text, "    "))
    assert any(not one.total and not one.excused for one in found) == loose
