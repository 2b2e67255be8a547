"""Functions with Python's meaning where JSONata's own differ, in front of the expressions that use
them. Their names start with ``py_``, which no variable of a machine does.

Each was compared with CPython on random values, on the reference implementation 2.0.6.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wfc.compiler.data.struct import Struct

# The characters that str.strip() and str.split() take for white space.
WHITE_SPACE: Final = (
    r"\u0009-\u000D\u001C-\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
)

# Digits beyond ASCII that int() and float() read too; those in use (Unicode, category Nd).
OTHER_DIGITS: Final = r"\u0660-\u0669\u06F0-\u06F9\u0966-\u096F\u09E6-\u09EF\uFF10-\uFF19"


class Helper(Struct):
    """``depth`` is how deep an evaluation of the body nests."""

    body: str
    depth: int
    needs: tuple[str, ...] = ()


PRELUDE: Final[dict[str, Helper]] = {
    "py_truthy": Helper(
        "function($v){ $type($v) = 'array' ? $count($v) > 0 : $boolean($v) }",
        4,
    ),
    "py_fin": Helper(
        "function($n){ $abs($n) <= 1.7976931348623157e308 ? $n"
        " : $error('OverflowError: float result is not a JSON number') }",
        4,
    ),
    "py_div": Helper(
        "function($a,$b){ $b = 0 ? $error('ZeroDivisionError: division by zero') : $a / $b }",
        3,
    ),
    "py_idiv": Helper(
        "function($a,$b){ $b = 0"
        " ? $error('ZeroDivisionError: integer division or modulo by zero') : $floor($a / $b) }",
        4,
    ),
    "py_ffdiv": Helper(
        "function($v,$w){( $w = 0 ? $error('ZeroDivisionError: float floor division by zero')"
        " : ($m := $v % $w; $d := ($v - $m) / $w;"
        " $e := $m != 0 and (($w < 0) != ($m < 0)) ? $d - 1 : $d;"
        " $e = 0 ? 0 : ($f := $floor($e); $e - $f > 0.5 ? $f + 1 : $f)))}",
        12,
    ),
    "py_mod": Helper(
        "function($a,$b){( $b = 0 ? $error('ZeroDivisionError: modulo by zero')"
        " : ($m := $a % $b; $m != 0 and (($m < 0) != ($b < 0)) ? $m + $b : $m))}",
        10,
    ),
    "py_at": Helper(
        "function($xs,$i){( $n := $count($xs); $i >= -$n and $i < $n ? $xs[$i]"
        " : $error('IndexError: list index out of range'))}",
        6,
    ),
    "py_sat": Helper(
        "function($s,$i){( $n := $length($s); $i >= -$n and $i < $n"
        " ? $substring($s, $i < 0 ? $i + $n : $i, 1)"
        " : $error('IndexError: string index out of range'))}",
        6,
    ),
    "py_lo": Helper(
        "function($a,$n){ $a < 0 ? ($a + $n < 0 ? 0 : $a + $n) : ($a > $n ? $n : $a) }",
        5,
    ),
    "py_lslice": Helper(
        "function($xs,$a,$b){( $n := $count($xs); $i := $a = null ? 0 : $py_lo($a,$n);"
        " $j := $b = null ? $n : $py_lo($b,$n);"
        " $append([], $filter($xs, function($v,$q){ $q >= $i and $q < $j })[]))}",
        10,
        ("py_lo",),
    ),
    "py_sslice": Helper(
        "function($s,$a,$b){( $n := $length($s); $i := $a = null ? 0 : $py_lo($a,$n);"
        " $j := $b = null ? $n : $py_lo($b,$n); $j > $i ? $substring($s, $i, $j - $i) : '')}",
        10,
        ("py_lo",),
    ),
    "py_get": Helper(
        "function($d,$k){ $k in $keys($d) ? $lookup($d,$k) : $error('KeyError: ' & $k) }",
        4,
    ),
    "py_keys": Helper("function($d){ $append([], $keys($d)[]) }", 4),
    "py_values": Helper("function($d){ $append([], $each($d, function($v){ $v })[]) }", 4),
    "py_items": Helper(
        "function($d){ $append([], $each($d, function($v,$k)"
        "{ $append([$k], $type($v) = 'array' ? [[$v]] : [$v]) })[]) }",
        7,
    ),
    "py_el": Helper("function($v){ $type($v) = 'array' ? [[$v]] : [$v] }", 4),
    "py_flat": Helper(
        "function($xs,$f){ $reduce($xs, function($acc,$x){ $append($acc, $f($x)) }, []) }",
        4,
    ),
    "py_strip": Helper(
        f"function($s){{ $replace($s, /^[{WHITE_SPACE}]+|[{WHITE_SPACE}]+$/, '') }}",
        2,
    ),
    "py_fparts": Helper(
        "function($x,$k){( $s := $power(10,$k); $a := $abs($x); $p := $a * $s;"
        " $c := 134217729 * $a; $xh := $c - ($c - $a); $xl := $a - $xh;"
        " $t := 134217729 * $s; $sh := $t - ($t - $s); $sl := $s - $sh;"
        " $e := (($xh*$sh - $p) + $xh*$sl + $xl*$sh) + $xl*$sl; $q := $floor($p); $r := $p - $q;"
        " $u := $r > 0.5 ? 1 : $r < 0.5 ? 0 : $e > 0 ? 1 : $e < 0 ? 0 : $q % 2;"
        " $p < 4503599627370496 and ($a > 1e-290 or $a = 0) ? $q + $u"
        " : $error('UnsupportedError: round() of so large a number'))}",
        11,
    ),
    "py_fixed": Helper(
        "function($x,$k){( $q := $py_fparts($x,$k); $s := $power(10,$k);"
        " $w := $string($floor($q / $s)); ($x < 0 ? '-' : '') & $w &"
        " ($k = 0 ? '' : '.' & $pad($string($q % $s), -$k, '0')))}",
        13,
        ("py_fparts",),
    ),
    "py_roundn": Helper(
        "function($x,$k){( $q := $py_fparts($x,$k) / $power(10,$k); $x < 0 ? -$q : $q )}",
        14,
        ("py_fparts",),
    ),
    "py_int": Helper(
        "function($n){ $abs($n) <= 9007199254740991 ? $n"
        " : $error('OverflowError: integer outside +-(2**53-1)') }",
        4,
    ),
    "py_trunc": Helper("function($x){ $x < 0 ? $ceil($x) : $floor($x) }", 3),
    "py_toint": Helper(
        "function($s){( $m := $py_strip($s); $contains($m, /^[+-]?[0-9]+(_[0-9]+)*$/)"
        " ? $py_int($number($replace($m, /[+_]/, '')))"
        f" : $contains($m, /[{OTHER_DIGITS}]/) ? $error('UnsupportedError: int() of these digits')"
        " : $error('ValueError: invalid literal for int()'))}",
        6,
        ("py_strip", "py_int"),
    ),
    "py_min": Helper(
        "function($xs){ $count($xs) = 0"
        " ? $error('ValueError: min() iterable argument is empty')"
        " : $reduce($xs, function($a,$b){ $b < $a ? $b : $a }) }",
        5,
    ),
    "py_max": Helper(
        "function($xs){ $count($xs) = 0"
        " ? $error('ValueError: max() iterable argument is empty')"
        " : $reduce($xs, function($a,$b){ $b > $a ? $b : $a }) }",
        5,
    ),
    "py_has": Helper(
        "function($xs,$x){ $count($filter($xs, function($v){ $v = $x })[]) > 0 }",
        5,
    ),
    "py_slt": Helper(
        "function($a,$b){ (($contains($a,/[\\uE000-\\uFFFF]/)"
        " and $contains($b,/[\\uD800-\\uDFFF]|[^\\u0000-\\uFFFF]/))"
        " or ($contains($b,/[\\uE000-\\uFFFF]/)"
        " and $contains($a,/[\\uD800-\\uDFFF]|[^\\u0000-\\uFFFF]/)))"
        " ? $error('UnsupportedError: str ordering differs') : $a < $b }",
        7,
    ),
    "py_steps": Helper(
        "function($a,$b,$s){( $n := $ceil(($b - $a) / $s); $n <= 0 ? []"
        " : $append([], $map([0..$n-1], function($i){ $a + $i * $s })[]) )}",
        7,
    ),
    "py_range": Helper(
        "function($a,$b,$s){ $s = 0 ? $error('ValueError: range() arg 3 must not be zero')"
        " : ($n := $ceil(($b - $a) / $s); $n <= 0 ? []"
        " : $append([], $map([0..$n-1], function($i){ $a + $i * $s })[])) }",
        8,
    ),
    "py_chars": Helper(
        "function($s){ $length($s) = 0 ? []"
        " : $append([], $map([0..$length($s)-1], function($i){ $substring($s,$i,1) })[]) }",
        6,
    ),
    "py_set": Helper(
        "function($xs,$i,$v){( $n := $count($xs); $j := $i < 0 ? $i + $n : $i;"
        " $j >= 0 and $j < $n"
        " ? $append([], $map($xs, function($x,$q){ $q = $j ? $v : $x })[])"
        " : $error('IndexError: list assignment index out of range'))}",
        7,
    ),
    "py_del": Helper(
        "function($d,$k){ $k in $keys($d) ? $merge([{}, $sift($d, function($v,$q){ $q != $k })])"
        " : $error('KeyError: ' & $k) }",
        5,
    ),
}

_ORDER: Final = {name: position for position, name in enumerate(PRELUDE)}
_RAISES: Final = frozenset(name for name, helper in PRELUDE.items() if "$error(" in helper.body)


def raises(name: str) -> bool:
    """Whether the helper, or one it calls, may fail."""
    return name in _RAISES or any(raises(other) for other in PRELUDE[name].needs)


def with_dependencies(names: Iterable[str]) -> list[str]:
    """The helpers and what they call, callees first, each once."""
    wanted: dict[str, None] = {}

    def visit(name: str) -> None:
        for other in PRELUDE[name].needs:
            visit(other)
        wanted.setdefault(name)

    for name in sorted(names, key=_ORDER.__getitem__):
        visit(name)
    return list(wanted)
