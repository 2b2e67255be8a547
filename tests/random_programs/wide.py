"""Random workflows over more of the language: enums, optional values, nested records, views of
dicts, keyed order, steps inside of conditions, changes through subscripts and attributes, and
children whose errors have messages that look like data.
"""

from __future__ import annotations

from typing import Final

from tests.random_programs.definitions import DEFINITIONS, IMPORTS
from tests.random_programs.programs import PRELUDE, Program

OPTIONALS: Final = ("note", "hint")
INTS: Final = ("i", "j", "k")
TEXTS: Final = ("s", "t")
FLAGS: Final = ("p", "q")
DICTS: Final = ("d", "e")
BY_VALUE: Final = "key=lambda pair: (-pair[1], pair[0])"
BY_NUMBER: Final = "key=lambda name: (-d.get(name, 0), name)"
CLAUSES: Final = (
    ("AppError",),
    ("Lowest", "Low", "AppError"),
    ("Exception",),
    ("High", "Exception"),
    ("OSError",),
    ("TimeoutError", "Low"),
    ("KeyError", "AppError"),
    ("(Low, ValueError)", "Exception"),
    ("(Missing, High)",),
    ("LookupError", "(OSError, AppError)"),
)


class WideProgram(Program):
    """Writes one workflow ``flow`` with more constructs than :class:`Program`."""

    def text(self) -> str:
        """The module."""
        head, rest = PRELUDE.split("from wfc import Retry, sleep, step, workflow\n")
        head = head.replace("from dataclasses import dataclass\n\n", IMPORTS)
        self.line(0, "")
        self.line(0, "")
        self.line(0, "@workflow")
        self.line(0, "def flow(")
        for parameter in (
            *("i: int", "s: str", "xs: list[int]", "item: Item", "d: dict[str, int]"),
            *("names: list[str]", "order: Order", "address: Address", "level: Level"),
            *("plan: Plan", "answer: Answer", "note: str | None = None"),
        ):
            self.line(1, f"{parameter},")
        self.line(0, ") -> str:")
        for declaration in ("j = 3", "k = i", 't = "t"', "p = i > 2", "q = False", "hint = note"):
            self.line(1, declaration)
        self.line(1, "ys: list[int] = [1, i]")
        self.line(1, 'e: dict[str, int] = {"a": j}')
        self.block(1, self.random.randint(3, 7))
        self.line(1, 'shown = f"{i} {j} {k} {s} {t} {p} {q} {sum(xs)} {sum(ys)} {item.amount}"')
        self.line(1, "shown += f\"{sum(d.values())} {len(e)} {'|'.join(names)} {note} {hint}\"")
        self.line(1, "shown += f\"{described(order)} {address['street']} {level.name}\"")
        self.line(1, 'return f"{shown} {plan.value} {answer.value} {sum(order.counts.values())}"')
        return head + rest + DEFINITIONS + "\n".join(self.lines) + "\n"

    def statement(self, depth: int) -> None:
        if self.random.random() < 0.45:
            return super().statement(depth)
        self.budget -= 1
        kinds = [self.more_assignments, self.more_calls, self.more_changes, self.unpacking]
        if self.budget > 0 and depth < 5:
            kinds += [self.guarded_child, self.narrowing, self.more_loops, self.more_attempts]
            kinds += [self.busy_while, self.walk]
        self.random.choice(kinds)(depth)
        return None

    # Statements ---

    def more_assignments(self, depth: int) -> None:
        self.line(
            depth,
            self.random.choice(
                (
                    f"{self.pick(INTS)} = ({self.keyed()}) % 97",
                    f"{self.pick(FLAGS)} = {self.test()}",
                    f"names = {self.texts()}",
                    f"{self.pick(TEXTS)} = ({self.string()})[:9]",
                    f"{self.pick(OPTIONALS)} = {self.optional()}",
                    f"level = Level.HIGH if {self.test()} else level",
                    f"plan = Plan.PAID if {self.test()} else Plan.FREE",
                    f"answer = Answer.NO if {self.test()} else answer",
                    f"item = replace(item, amount={self.pick(INTS)})",
                    f"order = replace(order, note={self.pick(OPTIONALS)}, level=level)",
                    f"order = Order(Item({self.string()}, 1), [*names[:2]], counts={{**d}})",
                    f"e = {{key: value + 1 for key, value in {self.pick(DICTS)}.items()}}",
                    f"e = {{**d, {self.string()}: {self.pick(INTS)}}}",
                    "e = {name: len(name) for name in names}",
                    f"address = Address(street={self.string()}, number={self.pick(INTS)})",
                    f"ys = {self.numbers()}",
                )
            ),
        )

    def more_changes(self, depth: int) -> None:
        value = self.step_number()
        choices = [
            f"item.amount += {value}",
            f"order.item.amount -= {value}",
            f"order.item.name += {self.step_text()}",
            f"d[{self.string()}] = {value}",
            f"order.counts[{self.string()}] = {value}",
            f"e[{self.pick(TEXTS)}] = {self.pick(INTS)}",
            f"order.tags.append({self.step_text()})",
            f"ys.append({value})",
            f"names += [{self.step_text()}]",
            f"names.extend([{self.string()}, {self.pick(TEXTS)}])",
            f"{self.pick(INTS)} += {value} % 7",
            f"{self.pick(TEXTS)} += {self.step_text()}",
            f"address['number'] += {self.pick(INTS)}",
            f'address["note"] = {self.string()}',
            f"order.note = {self.optional()}",
            "order.level = level",
            f"e.setdefault({self.pick(TEXTS)}, {self.pick(INTS)})",
            f"d.update({{{self.string()}: {self.pick(INTS)}}})",
            "ys.sort()",
            "names.reverse()",
        ]
        if not self.safe:
            choices += [
                f"ys[0] += {self.pick(INTS)}",
                f"ys[-1] = {value}",
                f'e["a"] -= {self.pick(INTS)}',
                f'e["a"] = e.get("a", 0) + {value}',
                f"order.counts['a'] *= {self.pick(INTS)}",
                "ys.pop()",
                f"ys[{self.pick(INTS)}] -= 1",
            ]
        self.line(depth, self.random.choice(choices))

    def more_calls(self, depth: int) -> None:
        self.line(
            depth,
            self.random.choice(
                (
                    f"{self.pick(INTS)} = watch({self.integer()}) % 97",
                    f"{self.pick(TEXTS)} = slow({self.string()})",
                    f"{self.pick(OPTIONALS)} = maybe({self.string()})",
                    f"{self.pick(OPTIONALS)} = wanted({self.string()}, level)",
                    "level = grade(level)",
                    f"level = grade(Level.HIGH, {self.random.choice(('plan', 'plan=Plan.PAID'))})",
                    "address = locate(address)",
                    f"e = stock({self.string()})",
                    "order = fill(order)",
                    f"order = fill(Order(item, [s], note={self.pick(OPTIONALS)}))",
                    f"{self.pick(INTS)} = ({self.step_number()} - {self.step_number()}) % 97",
                    f"{self.pick(FLAGS)} = {self.busy_test()}",
                    f"{self.pick(TEXTS)} = ({self.step_text()} + {self.string()})[:9]",
                    f"ys = [{self.step_number()}, {self.pick(INTS)}, {self.step_number()}]",
                    f"order = passed({self.random.randint(0, 9)}, {self.string()}, order)",
                )
            ),
        )

    def unpacking(self, depth: int) -> None:
        self.line(
            depth,
            self.random.choice(
                (
                    "i, j = j, i",
                    f"i, k = k, ({self.integer()}) % 97",
                    f"{self.pick(INTS)}, {self.pick(TEXTS)} = pair({self.pick(INTS)})",
                    f"s, t = t, ({self.string()})[:9]",
                    f"p, q = {self.test()}, p",
                    f"j = k = {self.pick(INTS)}",
                )
            ),
        )

    def guarded_child(self, depth: int) -> None:
        """A child that fails, caught by class."""
        self.line(depth, "try:")
        self.line(
            depth + 1,
            self.random.choice(
                (
                    f"{self.pick(TEXTS)} = refuse({self.random.randint(0, 9)}, {self.string()})",
                    f"{self.pick(TEXTS)} = refuse(abs(i) % 9, {self.string()})",
                    f"order = passed({self.random.randint(0, 9)}, {self.pick(TEXTS)}, order)",
                    f"{self.pick(INTS)} = settle({self.pick(INTS)} % 30, {self.pick(TEXTS)})",
                )
            ),
        )
        self.clauses(depth)

    def more_attempts(self, depth: int) -> None:
        self.line(depth, "try:")
        self.safe += 1
        self.block(depth + 1, self.random.randint(1, 2))
        self.random.choice((self.more_calls, self.leave, self.call))(depth + 1)
        self.safe -= 1
        self.clauses(depth)

    def clauses(self, depth: int) -> None:
        for clause in self.random.choice(CLAUSES):
            self.more_handler(depth, clause)
        if self.random.random() < 0.3:
            self.line(depth, "else:")
            self.block(depth + 1, 1)

    def more_handler(self, depth: int, clause: str) -> None:
        self.names += 1
        error = f"error{self.names}" if self.random.random() < 0.6 else ""
        self.line(depth, f"except {clause} as {error}:" if error else f"except {clause}:")
        if error:
            self.line(
                depth + 1,
                self.random.choice(
                    (
                        f't = f"{{{error}}}"[:20]',
                        f"t = type({error}).__name__",
                        f"s = str({error})",
                        f'names.append(f"{{type({error}).__name__}}:{{{error}}}")',
                        f"hint = str({error}) or None",
                    )
                ),
            )
        self.block(depth + 1, 1)
        if self.random.random() < 0.35:
            endings = ["raise", "raise Lowest(f'again {i}')", "raise High('once') from None"]
            if error:
                endings += [f"raise {error}", f"raise Missing(f'{{{error}}}') from {error}"]
                endings += [f"raise AppError(str({error}))"]
            if self.loops:
                endings += ["break", "continue"]
            endings += ["return t"]
            self.line(depth + 1, self.random.choice(endings))

    def narrowing(self, depth: int) -> None:
        name = self.pick(OPTIONALS)
        if self.random.random() < 0.5:
            self.line(depth, f"if {name} is not None:")
            self.line(depth + 1, self.random.choice((f"s = {name}[:5]", f"t = {name}.upper()[:5]")))
            self.block(depth + 1, 1)
        else:
            self.line(depth, f"if {name} is None or len({name}) > {self.random.randint(0, 4)}:")
            self.block(depth + 1, 1)
            self.line(depth, "else:")
            self.line(depth + 1, f"k = len({name})")

    def more_loops(self, depth: int) -> None:
        self.names += 1
        name, other = f"v{self.names}", f"w{self.names}"
        head, used = self.random.choice(
            (
                (f"for {name}, {other} in sorted(d.items())[:3]:", f"t = f'{{t}}{{{name}}}'[:9]"),
                (f"for {name}, {other} in enumerate(names[:3], start=2):", f"k = {name}"),
                (f"for {name}, {other} in enumerate(xs[:3], start=j):", f"k = ({other} + k) % 97"),
                (f"for {name} in list(dict.fromkeys(names))[:3]:", f"s = {name}"),
                (f"for {name} in sorted(e, key=lambda key: (len(key), key))[:3]:", f"t = {name}"),
                (f"for {name} in reversed(xs[:3]):", f"k = ({name} + k) % 97"),
                (f"for {name} in s[:3]:", f"t = f'{{{name}}}{{t}}'[:9]"),
                (f"for {name}, {other} in zip(names, xs):", f"i = ({other}) % 97"),
                (f"for {name} in {self.texts()}[:2]:", f"names = [*names[:2], {name}]"),
                (f"for {name} in load(i % 3):", f"j = ({name} - j) % 97"),
            )
        )
        self.line(depth, head)
        self.line(depth + 1, used)
        self.loops += 1
        self.block(depth + 1, self.random.randint(1, 2))
        self.loops -= 1
        if self.random.random() < 0.25:
            self.line(depth, "else:")
            self.block(depth + 1, 1)

    def walk(self, depth: int) -> None:
        """A try with every way out, inside a loop."""
        self.names += 1
        name = f"v{self.names}"
        self.line(depth, f"for {name} in {self.random.choice(('names[:3]', 'list(s)[:3]'))}:")
        self.loops += 1
        self.line(depth + 1, "try:")
        self.safe += 1
        self.line(depth + 2, f"t = slow({name})")
        self.leave(depth + 2)
        self.safe -= 1
        self.clauses(depth + 1)
        self.loops -= 1
        if self.random.random() < 0.4:
            self.line(depth, "else:")
            self.line(depth + 1, f"{self.pick(TEXTS)} += '.'")

    def busy_while(self, depth: int) -> None:
        """Steps in the test of a loop, some of which are not needed."""
        self.names += 1
        name = f"v{self.names}"
        self.line(depth, f"{name} = 0")
        self.line(depth, f"while {name} < {self.random.randint(1, 3)} and {self.busy_test()}:")
        self.line(depth + 1, f"{name} += 1")
        self.loops += 1
        self.block(depth + 1, 1)
        self.loops -= 1
        if self.random.random() < 0.3:
            self.line(depth, "else:")
            self.block(depth + 1, 1)

    def condition(self) -> str:
        return self.busy_test() if self.random.random() < 0.3 else self.test()

    # Expressions ---

    def step_number(self) -> str:
        return self.random.choice(
            (
                f"count({self.pick(INTS)})",
                f"watch({self.pick(INTS)})",
                f"(count(i) if {self.test()} else watch(j))",
                f"len(slow({self.string()}))",
                f"pair({self.pick(INTS)})[0]",
                f"graded(grade(level), {self.pick(INTS)})",
                f"settle({self.pick(INTS)} % 30, {self.pick(TEXTS)})",
                f"max(count(i), {self.pick(INTS)})",
                f"stock({self.pick(TEXTS)}).get('a', 1)",
                f"({self.pick(INTS)} or count(k))",
            )
        )

    def step_text(self) -> str:
        return self.random.choice(
            (
                f"slow({self.string()})",
                f"label({self.pick(INTS)})",
                f"find({self.pick(TEXTS)}).name",
                f"(maybe({self.pick(TEXTS)}) or {self.string()})",
                f"(label(i) if {self.test()} else slow(t))",
                "described(fill(order))",
                "locate(address)['street']",
            )
        )

    def busy_test(self) -> str:
        """A test with steps in it."""
        first = self.random.choice(
            (
                f"check({self.string()}, {self.test()})",
                f"watch({self.pick(INTS)}) > {self.pick(INTS)}",
                f"{self.step_text()} == {self.string()}",
                f"maybe({self.string()}) is not None",
                "grade(level) is Level.HIGH",
                f"0 < count({self.pick(INTS)}) < {self.integer()}",
                f"not check({self.pick(TEXTS)}, p)",
            )
        )
        other = f"count(j) {self.pick(('<', '=='))} k"
        second = self.random.choice((f"check({self.pick(TEXTS)}, q)", other))
        return self.random.choice(
            (
                first,
                f"({first} and {second})",
                f"({first} or {second})",
                f"({self.test()} and {first} or {second})",
                f"({self.test()} or {first} and {second})",
                f"({first} if {self.test()} else {second})",
                f"({self.pick(FLAGS)} and ({first} or {second}))",
                f"not ({self.pick(FLAGS)} or {first})",
            )
        )

    def keyed(self) -> str:
        """A number out of an order by key."""
        table = self.pick(DICTS)
        return self.random.choice(
            (
                f'max({table}.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))[1]',
                f'min({table}.items(), key=lambda pair: (-pair[1], pair[0]), default=("", 7))[1]',
                f"len(max({table}, key=lambda name: ({table}.get(name, 0), name), default=''))",
                f"sum(value for _, value in sorted({table}.items())[:2])",
                f"sum([{self.pick(INTS)}, *sorted({table}.values(), reverse=True)[:1]])",
                f"max(({table}.values()), default=-1)",
                f"sum(n * x for n, x in enumerate(xs, start={self.pick(INTS)}))",
                "len(set(names))",
                "len({x % 3 for x in xs})",
                "sum(1 for name in names if name in d)",
                f"max(xs, key=lambda x: (x % 3, -x), default={self.pick(INTS)})",
                "min([len(name) for name in names], default=2)",
            )
        )

    def integer(self) -> str:
        if self.random.random() < 0.6:
            return super().integer()
        choices = [
            self.keyed(),
            "order.item.amount",
            "address['number']",
            "level.value",
            "graded(level, i)",
            f"abs({self.pick(INTS)})",
            f"int({self.pick(FLAGS)})",
            f"names.count({self.pick(TEXTS)})",
            f"{self.pick(TEXTS)}.find({self.pick(TEXTS)})",
            f"(d.get({self.pick(TEXTS)}) or {self.pick(INTS)})",
            f"({self.pick(INTS)} and {self.pick(INTS)})",
            f"order.counts.get({self.string()}, 4)",
            f"len({self.pick(TEXTS)}.split(','))",
            "sum(len(name) for name in names)",
        ]
        if not self.safe and self.random.random() < 0.15:
            choices = [f"xs[{self.pick(INTS)}]", f"d[{self.pick(TEXTS)}]", "ys[-1]"]
            choices += [f"{self.pick(INTS)} % {self.pick(INTS)}", "int(s)", "round(i / 2)"]
            choices.append("len(max(d, key=lambda name: (d[name], name), default=''))")
            choices += [f"names.index({self.pick(TEXTS)})", "max(xs)"]
        return self.random.choice(choices)

    def string(self) -> str:
        if self.random.random() < 0.6:
            return super().string()
        return self.random.choice(
            (
                "order.item.name",
                "described(order)",
                "address['street']",
                "address.get('note', 'none')",
                "level.name",
                "plan.value",
                "answer.value",
                f"({self.pick(OPTIONALS)} or {self.pick(TEXTS)})",
                "','.join(names[:2])",
                "'-'.join(sorted(d))",
                "'+'.join(list(dict.fromkeys(names)))[:9]",
                f"{self.pick(TEXTS)}.strip(' a')",
                f"{self.pick(TEXTS)}.replace('a', \"'\")",
                f"{self.pick(TEXTS)}[::-1]",
                f"{self.pick(TEXTS)}[-2:]",
                f'f"{{{self.pick(INTS)}:>4}}|{{{self.pick(TEXTS)}:<3}}|{{{self.pick(INTS)}:03d}}"',
                f'f"{{{self.pick(OPTIONALS)}}}{{{self.pick(FLAGS)}}}"',
                f"str({self.pick(FLAGS)})",
                f"({self.pick(TEXTS)} if {self.pick(FLAGS)} else {self.pick(TEXTS)})",
                f"{self.pick(TEXTS)} * 2",
                f"{self.pick(TEXTS)}.lower()",
            )
        )

    def optional(self) -> str:
        return self.random.choice(
            (
                "None",
                self.pick(OPTIONALS),
                self.pick(TEXTS),
                f"({self.pick(TEXTS)} if {self.test()} else None)",
                f"{self.pick(TEXTS)} or None",
                "order.note",
                "address.get('note')",
            )
        )

    def test(self) -> str:
        if self.random.random() < 0.6:
            return super().test()
        return self.random.choice(
            (
                f"{self.pick(INTS)} in d.values()",
                f"{self.pick(INTS)} not in {self.pick(DICTS)}.values()",
                f"{self.pick(OPTIONALS)} is None",
                f"{self.pick(OPTIONALS)} is not None",
                f"({self.pick(OPTIONALS)} or 'x') == {self.pick(TEXTS)}",
                f"{self.pick(OPTIONALS)} == {self.pick(TEXTS)}",
                "level is Level.HIGH",
                "level != Level.LOW",
                "plan == Plan.PAID",
                "plan in (Plan.FREE, Plan.PAID)",
                "answer is Answer.YES",
                "answer == 'yes'",
                "order.level is level",
                "'note' in address",
                f"{self.pick(TEXTS)} in names",
                "all(name for name in names)",
                f"any(value > {self.pick(INTS)} for value in {self.pick(DICTS)}.values())",
                "item == order.item",
                "xs == ys",
                "not names",
                f"bool({self.pick(TEXTS)})",
                f"{self.pick(TEXTS)} < {self.pick(TEXTS)}",
                "d == e",
                "(i, s) == (j, t)",
                f"{self.pick(TEXTS)}.endswith('e')",
                f"{self.pick(FLAGS)} == {self.pick(FLAGS)}",
                "i == j == k",
            )
        )

    def texts(self) -> str:
        return self.random.choice(
            (
                "sorted(names)",
                "list(dict.fromkeys(names))",
                "list(dict.fromkeys([*names, s, t]))",
                f"sorted({self.pick(DICTS)})",
                f"[name for name, _ in sorted({self.pick(DICTS)}.items(), {BY_VALUE})]",
                f"sorted({self.pick(DICTS)}.keys(), {BY_NUMBER}, reverse=True)",
                "sorted(names, key=lambda name: len(name))",
                "[f'{n}{name}' for n, name in enumerate(names[:3], start=j)]",
                "[s, *names[:2]]",
                "[name.upper() for name in names if name != s]",
                f"{self.pick(TEXTS)}.split('-')",
                "sorted(set(names))",
                "names[1:] + [t]",
                "[str(x) for x in xs]",
            )
        )

    def numbers(self) -> str:
        if self.random.random() < 0.5:
            return super().numbers()
        return self.random.choice(
            (
                "[value for _, value in sorted(d.items())]",
                "sorted(d.values(), reverse=True)",
                "sorted(xs, key=lambda x: (x % 3, x))",
                "[n - x for n, x in enumerate(xs, start=1)]",
                "[x for x in xs if x not in ys]",
                "sorted({x % 4 for x in xs})",
                "[x * y for x in xs[:2] for y in ys[:2]]",
                "[len(name) for name in names]",
                "xs[::-1]",
                "[i] * 2",
                "[a + b for a, b in zip(xs, ys)]",
                "[*xs, *ys][:4]",
            )
        )


class CodeProgram(WideProgram):
    """Adds what only engines that run Python can do: floats without bounds and their texts, large
    integers, operators on bits, the order of dicts, names for the same list."""

    def more_assignments(self, depth: int) -> None:
        if self.random.random() < 0.4:
            return super().more_assignments(depth)
        self.names += 1
        name = f"v{self.names}"
        self.line(
            depth,
            self.random.choice(
                (
                    f"{name} = scale({self.pick(INTS)} * 1e200) * 1e200\n{name} *= 1e200",
                    f"{name} = scale(1.5) / 3\nt = f'{{{name}}} {{{name}:g}}'[:9]",
                    f"{name} = scale(1e300 * 1e300)",
                    f"{name} = sum([scale(0.1), 0.2, 1e300])\nt = str({name})[:9]",
                    f"{name} = {self.pick(INTS)} * 10**20\nq = {name} > 10**19",
                    f"{name} = ({self.pick(INTS)} & 7) | (abs(j) << 2) ^ ~k\nk = {name} % 97",
                    f"{name} = [key for key in d]\nnames = {name}",
                    f"{name} = [value for value in d.values()]\nxs = {name}",
                    f"{name} = xs\n{name}.append({self.pick(INTS)})",
                    f"{name} = order.item\n{name}.amount += {self.pick(INTS)}",
                    f"{name} = repr({self.pick(TEXTS)})\nt = {name}[:9]",
                )
            ).replace("\n", "\n" + "    " * depth),
        )
        return None
