"""Every small wrong change that a program can make to a module: comparisons, logic, arithmetic, constants, results.

A change is made to the syntax tree, so that lines keep their numbers. Left out is what decides nothing at run time:
annotations, decorators, docstrings, and what states an invariant (`assert`, `zip(strict=True)`).
"""

import ast
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from types import CodeType

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
UNREAD = {"annotation", "returns", "decorator_list", "type_params", "format_spec"}
DECIDES_NOTHING = (ast.Assert, ast.Import, ast.ImportFrom, ast.TypeAlias)
LEFT_OUT_BY_MISTAKE = (ast.Expr, ast.AugAssign, ast.Raise, ast.Continue, ast.Break, ast.Delete)
SHOWN = 40  # characters around a change


@dataclass(frozen=True)
class Place:
    """Where a node is: in which statement of which function, if any. A default value is outside its function."""

    scope: str = ""
    statement: ast.stmt | None = None
    function: tuple[str, int] | None = None  # the outermost function, as its code object names it, with its first line


@dataclass(frozen=True)
class Mutant:
    """A module with one change. `lines` are those that run if the change matters; `function` is None if importing does."""

    package: str
    file: str
    name: str
    lines: range
    function: tuple[str, int] | None
    code: CodeType


def mutants_of(file: str, source: str) -> Iterator[Mutant]:
    """Yield each mutant of a module, in the order of its text."""
    tree = ast.parse(source)
    for owner, field, place, old, new in changes_below(tree, Place()):
        assert place.statement is not None
        before = ast.unparse(place.statement)
        put(owner, field, old, ast.fix_missing_locations(ast.copy_location(new, old)))
        after = ast.unparse(new if old is place.statement else place.statement)
        lines = range(place.statement.lineno, (old.end_lineno or 0) + 1)
        code = compile(tree, file, "exec", dont_inherit=True)
        put(owner, field, new, old)
        name = f"{place.scope or 'module'}: {shown(before, after)}"
        yield Mutant(file.rpartition("/")[0], file, name, lines, place.function, code)


def put(owner: ast.AST, field: str, old: ast.AST, new: ast.AST) -> None:
    value = getattr(owner, field)
    setattr(owner, field, [new if each is old else each for each in value] if isinstance(value, list) else new)


def shown(before: str, after: str) -> str:
    """Return the first line that differs, such as "if now [< → <=] ends_at:"."""
    pairs = zip(before.splitlines(), after.splitlines() or [""], strict=False)
    old, new = next((each for each in pairs if each[0] != each[1]), (before, after))
    old, new = old.strip(), new.strip()
    start = alike(old, new)
    while start and is_inside_word(old[start - 1]):
        start -= 1
    end = alike(old[start:][::-1], new[start:][::-1])
    while end and is_inside_word(old[-end]):
        end -= 1
    left, right = old[:start], old[len(old) - end :]
    if len(left) > SHOWN:
        left = "… " + left[-SHOWN:].partition(" ")[2]
    if len(right) > SHOWN:
        right = right[:SHOWN].rpartition(" ")[0] + " …"
    return f"{left}[{old[start : len(old) - end]} → {new[start : len(new) - end]}]{right}"


def alike(one: str, two: str) -> int:
    """Return with how many letters both begin."""
    pairs = enumerate(zip(one, two, strict=False))
    return next((place for place, (left, right) in pairs if left != right), min(len(one), len(two)))


def is_inside_word(letter: str) -> bool:
    return letter.isalnum() or letter in "_\"'.<>=!"


def changes_below(node: ast.AST, place: Place) -> Iterator[tuple[ast.AST, str, Place, ast.AST, ast.AST]]:
    """Yield each change to a child of a node: the node, the field of the child, its place, the child, its replacement."""
    for field, value in ast.iter_fields(node):
        if field in UNREAD:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or is_left_out(node, child):
                continue
            inner = place_inside(node, field, child, place)
            for new in (*replacements(child), *negations(node, field, child)):
                yield node, field, inner, child, new
            if not isinstance(child, ast.Constant):
                yield from changes_below(child, inner)


def is_left_out(owner: ast.AST, node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.keyword(arg="strict"):
            return True
        case ast.Constant():
            return isinstance(owner, ast.JoinedStr)
    return isinstance(node, DECIDES_NOTHING)


def place_inside(owner: ast.AST, field: str, child: ast.AST, place: Place) -> Place:
    if isinstance(owner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and field == "body":
        scope = f"{place.scope}.{owner.name}".strip(".")
        place = replace(place, scope=scope)
        if place.function is None and not isinstance(owner, ast.ClassDef):
            first = min([owner.lineno, *(each.lineno for each in owner.decorator_list)])
            place = replace(place, function=(scope, first))
    return replace(place, statement=child) if isinstance(child, ast.stmt) else place


def negations(owner: ast.AST, field: str, node: ast.AST) -> Iterator[ast.AST]:
    """Yield the negated condition, unless changing the node itself negates it."""
    is_condition = field in ("test", "ifs", "guard")
    if is_condition and isinstance(node, ast.expr) and not isinstance(node, (ast.Compare, ast.UnaryOp, ast.Constant)):
        yield ast.UnaryOp(ast.Not(), node)


def replacements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in place of a node by mistake."""
    match node:
        case ast.Compare(ops=ops):
            for place, old in enumerate(ops):
                for new in COMPARISONS[type(old)]:
                    yield changed(node, ops=[*ops[:place], new(), *ops[place + 1 :]])
        case ast.BoolOp(op=operator) | ast.BinOp(op=operator) | ast.AugAssign(op=operator) if (
            type(operator) in OPERATORS
        ):
            yield changed(node, op=OPERATORS[type(operator)]())
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.Constant(value=bool() | int() | float() | str() as value):
            yield ast.Constant(another(value))
        case ast.JoinedStr():
            yield ast.Constant("")
        case ast.Return(value=ast.expr() as result) if not isinstance(result, ast.Constant):
            yield ast.Return(ast.Constant(None))
    if isinstance(node, LEFT_OUT_BY_MISTAKE) or (
        isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Name | ast.Tuple)
    ):
        yield ast.Pass()


def another(value: bool | float | str) -> object:
    """Return the opposite, the next number, or a text that is empty only if this one is not."""
    match value:
        case bool():
            return not value
        case str():
            return "" if value else "X"
    return value + 1


def changed(node: ast.AST, **fields: object) -> ast.AST:
    new = copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new
