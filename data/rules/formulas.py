"""Formulas of the catalogue: plain arithmetic on named inputs."""

import ast

import pandas as pd

from data.errors import FormulaError

_ALLOWED = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Constant, ast.Name, ast.Load,
            ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub)  # fmt: skip


def input_names(expression: str) -> set[str]:
    """Return the names an expression uses.

    Raises
    ------
    FormulaError
        The text is not an expression, or does more than add, subtract, multiply and divide.
    """
    try:
        tree = ast.parse(expression, mode="eval")
    except SyntaxError as error:
        raise FormulaError(f"{expression!r} is not an expression: {error.msg}") from error
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            raise FormulaError(f"{expression!r} uses {type(node).__name__}; only + - * / and names are allowed")
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def evaluate(expression: str, inputs: pd.DataFrame) -> pd.Series:
    """Evaluate an expression row by row; a division by zero gives a missing value, not infinity.

    Parameters
    ----------
    inputs : one column per name of the expression, numbers or missing.
    """
    input_names(expression)
    result = inputs.astype("float64").eval(expression)
    return result.where(result.abs() != float("inf"))
