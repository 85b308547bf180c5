"""Formulas of the catalogue: plain arithmetic on named inputs."""

import ast
import operator
from collections.abc import Callable

import pandas as pd

from data.errors import FormulaError

_ALLOWED = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Constant, ast.Name, ast.Load,
            ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub)  # fmt: skip


def _divide(left: pd.Series, right: pd.Series) -> pd.Series:
    return left / right.where(right != 0)


_OPERATIONS: dict[type[ast.operator], Callable[[pd.Series, pd.Series], pd.Series]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: _divide,
}  # fmt: skip


def _parse(expression: str) -> ast.expr:
    """Return the syntax tree of an expression that is plain arithmetic."""
    try:
        tree = ast.parse(expression, mode="eval")
    except SyntaxError as error:
        raise FormulaError(f"{expression!r} is not an expression: {error.msg}") from error
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            raise FormulaError(f"{expression!r} uses {type(node).__name__}; only + - * / and names are allowed")
        if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
            raise FormulaError(f"{expression!r} holds {node.value!r}, which is not a number")
    return tree.body


def input_names(expression: str) -> set[str]:
    """Return the names an expression uses.

    Raises
    ------
    FormulaError
        The text is not an expression, names no input, or does more than add, subtract, multiply and divide.
    """
    names = {node.id for node in ast.walk(_parse(expression)) if isinstance(node, ast.Name)}
    if not names:
        raise FormulaError(f"{expression!r} names no input")
    return names


def _value(node: ast.expr, inputs: pd.DataFrame) -> pd.Series:
    if isinstance(node, ast.Name):
        return inputs[node.id]
    if isinstance(node, ast.UnaryOp):
        return -_value(node.operand, inputs)
    if isinstance(node, ast.BinOp):
        return _OPERATIONS[type(node.op)](_value(node.left, inputs), _value(node.right, inputs))
    return pd.Series(ast.literal_eval(node), index=inputs.index, dtype="float64")


def evaluate(expression: str, inputs: pd.DataFrame) -> pd.Series:
    """Evaluate an expression row by row; a division by zero, however deep, gives a missing value, not infinity.

    Parameters
    ----------
    inputs : one column per name of the expression, numbers or missing.
    """
    return _value(_parse(expression), inputs.astype("float64"))


def constant(expression: str) -> float:
    """Return what an expression of numbers alone gives: `1361/6`.

    Raises
    ------
    FormulaError
        The text is not an expression, names something, or divides by zero.
    """
    parsed = _parse(expression)
    named = sorted(node.id for node in ast.walk(parsed) if isinstance(node, ast.Name))
    if named:
        raise FormulaError(f"{expression!r} names {', '.join(named)}, where numbers alone are wanted")
    value = float(_value(parsed, pd.DataFrame(index=[0])).iloc[0])
    if pd.isna(value):
        raise FormulaError(f"{expression!r} divides by zero")
    return value
