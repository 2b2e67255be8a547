"""IR statements as Python: layout, comments, and operations put back into their place."""

from __future__ import annotations

from wfc.backends.python.printing.expressions import Level
from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import Doc, call
from wfc.backends.python.printing.statements import Statements
from wfc.backends.python.printing.text import quote
from wfc.backends.python.program.errors import OwnErrorClasses
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes.types import ANY, BOOL, INT, STR


class Plain(OwnErrorClasses, Statements):
    """Says everything as the source does."""

    def __init__(self, workflow: ir.Workflow) -> None:
        module = ir.Module(name="m")
        super().__init__(module, Imports(), workflow, placement="anywhere", level=Level.ATOM)

    def variable(self, name: str) -> Doc:
        return name

    def step_call(self, node: ir.StepCall) -> Doc:
        return call(self.global_name(node.step), self.arguments(node.args))

    def workflow_call(self, node: ir.WorkflowCall) -> Doc:
        return call(self.global_name(node.workflow), self.arguments(node.args))

    def sleep(self, node: ir.Sleep) -> Doc:
        return call("sleep", [quote(node.text)])

    def return_value(self, value: ir.Expr) -> Doc:
        return self.bare(value)

    def prologue(self, indent: int) -> list[str]:
        return []


X, Y = ir.Name("x"), ir.Name("y")


def step(name: str, target: str | None = None, *args: ir.Expr, **options: object) -> ir.StepCall:
    arguments = tuple(ir.Argument(f"p{i}", arg, positional=True) for i, arg in enumerate(args))
    return ir.StepCall(name, name, arguments, target, ANY, **options)  # type: ignore[arg-type]


def printed(*body: ir.Statement, temporaries: tuple[str, ...] = ()) -> str:
    workflow = ir.Workflow(
        name="w", parameters=(), returns=ANY, body=body, temporaries=frozenset(temporaries)
    )
    return "\n".join(Plain(workflow).body(0))


def test_a_result_that_is_returned_needs_no_variable() -> None:
    body = step("charge", "charge_result", X), ir.Return(ir.Name("charge_result"))
    assert printed(*body, temporaries=("charge_result",)) == "return charge(x)"


def test_operations_go_back_into_the_expression_in_their_order() -> None:
    body = (
        step("price", "a", X),
        step("tax", "b", Y),
        ir.Return(ir.Binary("+", ir.Name("a"), ir.Name("b"))),
    )
    assert printed(*body, temporaries=("a", "b")) == "return price(x) + tax(y)"


def test_an_operation_goes_into_the_arguments_of_another() -> None:
    body = step("quote", "a", X), step("charge", None, Y, ir.Name("a"))
    assert printed(*body, temporaries=("a",)) == "charge(y, quote(x))"


def test_an_operation_stays_in_front_of_what_may_be_skipped() -> None:
    body = step("paid", "a"), ir.If(ir.Boolean("and", (X, ir.Name("a"))), (ir.Return(X),))
    assert printed(*body, temporaries=("a",)) == "a = paid()\nif x and a:\n    return x"


def test_an_operation_stays_in_front_of_what_may_fail() -> None:
    ratio = ir.Binary("/", X, Y)
    body = step("paid", "a"), ir.Return(ir.Binary("+", ratio, ir.Name("a")))
    assert printed(*body, temporaries=("a",)) == "a = paid()\nreturn x / y + a"


def test_a_value_that_is_used_twice_keeps_its_variable() -> None:
    total = ir.Binary("+", ir.Name("a"), ir.Name("a"))
    assert (
        printed(step("paid", "a"), ir.Return(total), temporaries=("a",))
        == "a = paid()\nreturn a + a"
    )


def test_a_loop_runs_the_operations_of_its_condition_each_time() -> None:
    test = ir.Unary("not", ir.Name("a"))
    loop = ir.While(test, (ir.Sleep("sleep", ir.Constant(5), "5s"),), prelude=(step("done", "a"),))
    assert printed(loop, temporaries=("a",)) == 'while not done():\n    sleep("5s")'
    either = ir.While(
        ir.Boolean("or", (X, ir.Name("a"))), (ir.Break(),), prelude=(step("done", "a"),)
    )
    assert printed(either, temporaries=("a",)) == (
        "while True:\n    a = done()\n    if not (x or a):\n        break\n    break"
    )


def test_chains_of_conditions() -> None:
    node = ir.If(
        ir.Compare(X, ((">", ir.Constant(1)),)),
        (ir.Return(ir.Constant("big")),),
        (ir.If(X, (ir.Pass(),), (ir.Return(ir.Constant(None), bare=True),), comment="small"),),
    )
    assert printed(node) == (
        'if x > 1:\n    return "big"\n# small\nelif x:\n    pass\nelse:\n    return'
    )


def test_handlers_and_raises_are_printed_with_their_comments() -> None:
    handlers = (
        ir.Handler(
            ("KeyError", "ValueError"),
            "error",
            (ir.Raise("PaymentFailed", ir.ErrorMessage("error"), cause="error"),),
            comment="Bad input.",
        ),
        ir.Handler(("Exception",), None, (step("undo"), ir.Raise(None))),
    )
    node = ir.Try((step("charge"),), handlers, orelse=(ir.Return(X),))
    assert printed(node) == (
        "try:\n    charge()\n"
        "# Bad input.\n"
        "except (KeyError, ValueError) as error:\n"
        "    raise PaymentFailed(str(error)) from error\n"
        "except Exception:\n    undo()\n    raise\n"
        "else:\n    return x"
    )


def test_assignments_are_printed_as_written() -> None:
    assert printed(
        ir.Assign("total", ir.Constant(0), INT, "int"),
        ir.AugmentedAssign("total", "+", X, INT),
        ir.Unpack(("x", "y"), ir.TupleDisplay((Y, X)), (INT, INT)),
        ir.Store("order", (ir.FieldKey("lines"), ir.Constant(0)), X),
        ir.Store("order", (ir.Constant("n"),), X, operator="+"),
        ir.Delete("order", (ir.Constant("n"),)),
        ir.Mutate("queue", (), "append", (X,)),
        ir.Mutate("queue", (), "pop", (), target="last"),
    ) == (
        "total: int = 0\ntotal += x\nx, y = y, x\norder.lines[0] = x\n"
        'order["n"] += x\ndel order["n"]\nqueue.append(x)\nlast = queue.pop()'
    )


def test_blank_lines_and_comments_stay_where_they_are() -> None:
    def at(line: int, end: int = 0) -> Span:
        return Span(line, 1, end or line, 20)

    body = (
        ir.Assign("x", ir.Constant(1), INT, span=at(3), trailing="one"),
        ir.Assign("y", ir.Constant(2), INT, span=at(6), comment="Two lines\nof comment."),
        step("check", "ok", span=at(10)),
        ir.If(ir.Name("ok", type=BOOL), (ir.Pass(),), span=at(10, 11), comment="Only then."),
        ir.Return(X, span=at(12)),
    )
    assert printed(*body, temporaries=("ok",)) == (
        "x = 1  # one\n# Two lines\n# of comment.\ny = 2\n\n"
        "# Only then.\nif check():\n    pass\nreturn x"
    )


def test_long_lines_are_broken_as_black_breaks_them() -> None:
    names = [ir.Name(f"a_rather_long_variable_{i}", type=STR) for i in range(4)]
    assert printed(step("send_everything", "answer", *names)) == (
        "answer = send_everything(\n"
        "    a_rather_long_variable_0,\n"
        "    a_rather_long_variable_1,\n"
        "    a_rather_long_variable_2,\n"
        "    a_rather_long_variable_3,\n"
        ")"
    )
    assert printed(ir.If(ir.Boolean("and", tuple(names)), (ir.Pass(),))) == (
        "if (\n"
        "    a_rather_long_variable_0\n"
        "    and a_rather_long_variable_1\n"
        "    and a_rather_long_variable_2\n"
        "    and a_rather_long_variable_3\n"
        "):\n    pass"
    )
    assert printed(ir.Return(ir.TupleDisplay(tuple(names)))) == (
        "return (\n"
        "    a_rather_long_variable_0,\n"
        "    a_rather_long_variable_1,\n"
        "    a_rather_long_variable_2,\n"
        "    a_rather_long_variable_3,\n"
        ")"
    )


def test_else_of_a_loop_with_operations_in_its_condition() -> None:
    condition = ir.Boolean("or", (X, ir.Name("a")))
    prelude = (step("done", "a"),)
    plain = ir.While(condition, (ir.Pass(),), (step("late"),), prelude)
    assert printed(plain, temporaries=("a",)) == (
        "while True:\n    a = done()\n    if not (x or a):\n        late()\n        break\n    pass"
    )
    outer = ir.While(condition, (ir.Pass(),), (ir.Continue(),), prelude)
    loop = ir.For(ir.Target(("x",), ()), Y, (outer,))
    assert printed(loop, temporaries=("a",)) == (
        "for x in y:\n"
        "    exhausted = False\n"
        "    while True:\n"
        "        a = done()\n"
        "        if not (x or a):\n"
        "            exhausted = True\n"
        "            break\n"
        "        pass\n"
        "    if exhausted:\n"
        "        continue"
    )
