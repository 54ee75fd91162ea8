"""From a formula and a table to the model matrix, and to rows of it on a reference grid.

Formulas are parsed by formulaic. Where every factor of a formula is a plain column name, the
matrix is built here (a few array products); anything else (functions, splines, codings without
their margins) is left to formulaic. Both give the same columns under the same names.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd
from formulaic import Formula
from formulaic.errors import FormulaicError
from formulaic.transforms import TRANSFORMS
from numpy.typing import NDArray

from seizureflow.mmrm.errors import DataError

Array = NDArray[np.float64]
# A categorical column as codes into its levels, or a numeric column.
Column = NDArray[Any]


@dataclass(frozen=True)
class ParsedFormula:
    """A two-sided formula.

    Attributes:
        text: as given.
        formula: formulaic's object for the right-hand side.
        response: formulaic's object for the left-hand side, or None.
        response_name: column name of the outcome when it is a plain column, else None.
        terms: column names per right-hand term when all are plain, else None.
        variables: every column either side needs, sorted.
        design_variables: every column the right-hand side needs, sorted.
    """

    text: str
    formula: Any
    response: Any
    response_name: str | None
    terms: tuple[tuple[str, ...], ...] | None
    variables: tuple[str, ...]
    design_variables: tuple[str, ...]


@lru_cache(maxsize=256)
def parse(text: str) -> ParsedFormula:
    """Parse a formula string.

    Raises:
        DataError: the formula is not understood.
    """
    try:
        formula = Formula(text)
    except Exception as error:
        raise DataError(f"formula {text!r} is not understood: {error}") from error
    left = getattr(formula, "lhs", None)
    right = formula if left is None else formula.rhs
    design_variables = _variables(right)
    outcome = () if left is None else _variables(left)
    name = None
    if left is not None:
        if len(left) != 1:
            raise DataError(f"formula {text!r} needs one outcome on its left-hand side")
        plain = _plain_terms(left)
        name = plain[0][0] if plain else None
    return ParsedFormula(
        text=text,
        formula=right,
        response=left,
        response_name=name,
        terms=_plain_terms(right),
        variables=tuple(sorted({*design_variables, *outcome})),
        design_variables=design_variables,
    )


def _variables(formula: Any) -> tuple[str, ...]:
    """Columns a formula needs, sorted.

    Formulaic's own list leaves out arguments of its stateful transforms (splines, centring), so
    the names in each expression are added to it.
    """
    names = set(map(str, formula.required_variables))
    for term in formula:
        for factor in term.factors:
            if factor.eval_method.value != "python":
                continue
            try:
                tree = ast.parse(factor.expr, mode="eval")
            except SyntaxError:  # quoted column names, which formulaic lists
                continue
            called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
            names |= {
                node.id
                for node in ast.walk(tree)
                if isinstance(node, ast.Name) and id(node) not in called
            }
    return tuple(sorted(names - set(TRANSFORMS)))


def _plain_terms(formula: Any) -> tuple[tuple[str, ...], ...] | None:
    """Column names of each term, () for the intercept; None when a factor is not a column."""
    terms: list[tuple[str, ...]] = []
    for term in formula:
        names: list[str] = []
        for factor in term.factors:
            method = factor.eval_method.value
            if method == "literal" and factor.expr == "1":
                continue
            if method != "lookup":
                return None
            names.append(factor.expr)
        terms.append(tuple(names))
    return tuple(terms)


@dataclass(frozen=True)
class Design:
    """How to build rows of the model matrix from columns.

    Attributes:
        parsed: the formula.
        levels: levels of each categorical column, in order; the first is the reference.
        numeric: names of the numeric columns.
        means: mean of each numeric column over the analysed rows.
    """

    parsed: ParsedFormula
    levels: Mapping[str, pd.Index]
    numeric: tuple[str, ...]
    means: Mapping[str, float]

    @cached_property
    def plain(self) -> bool:
        """Whether the matrix can be built without formulaic.

        Treatment coding of every factor in a term is full rank, and is what formulaic gives, when
        each categorical factor's margin (the term without it) is in the formula as well.
        """
        terms = self.parsed.terms
        if terms is None:
            return False
        present = {frozenset(term) for term in terms}
        return all(
            frozenset(term) - {name} in present
            for term in terms
            for name in term
            if name in self.levels
        )

    def matrix(self, columns: Mapping[str, Column], n: int) -> tuple[Array, list[str]]:
        """Model matrix (n, p) and its column names.

        Args:
            columns: codes of each categorical and values of each numeric column, (n,) each.
            n: number of rows.
        """
        if self.plain:
            return self._plain_matrix(columns, n)
        return self._formulaic_matrix(columns)

    def _plain_matrix(self, columns: Mapping[str, Column], n: int) -> tuple[Array, list[str]]:
        pieces: dict[str, tuple[list[str], list[Array]]] = {}
        for name in self.parsed.design_variables:
            if name in self.levels:
                codes, levels = columns[name], self.levels[name].tolist()
                indicators = [(codes == i).astype(float) for i in range(1, len(levels))]
                pieces[name] = ([f"{name}[T.{level}]" for level in levels[1:]], indicators)
            else:
                pieces[name] = ([name], [columns[name]])
        names: list[str] = []
        parts: list[Array] = []
        for term in self.parsed.terms or ():
            if not term:
                names.append("Intercept")
                parts.append(np.ones(n))
                continue
            # The first factor of a term varies fastest, as in formulaic and in R.
            choices = [range(len(pieces[name][0])) for name in reversed(term)]
            for choice in itertools.product(*choices):
                picked = list(zip(term, reversed(choice), strict=True))
                names.append(":".join(pieces[name][0][i] for name, i in picked))
                column = pieces[picked[0][0]][1][picked[0][1]]
                for name, i in picked[1:]:
                    column = column * pieces[name][1][i]
                parts.append(column)
        return np.column_stack(parts), names

    @cached_property
    def _spec(self) -> dict[str, Any]:
        """Formulaic's state (spline knots, centring constants), kept from the first call."""
        return {}

    def _formulaic_matrix(self, columns: Mapping[str, Column]) -> tuple[Array, list[str]]:
        frame = pd.DataFrame(
            {
                name: pd.Categorical.from_codes(columns[name], categories=self.levels[name])
                if name in self.levels
                else columns[name]
                for name in self.parsed.design_variables
            }
        )
        try:
            if "spec" in self._spec:
                matrix = self._spec["spec"].get_model_matrix(frame)
            else:
                matrix = self.parsed.formula.get_model_matrix(frame, na_action="ignore")
                self._spec["spec"] = matrix.model_spec
        except FormulaicError as error:
            raise DataError(f"formula {self.parsed.text!r} fails: {error}") from error
        return np.asarray(matrix, dtype=float), [str(name) for name in matrix.columns]

    def grid(self, overrides: Mapping[str, float] | None = None) -> tuple[pd.DataFrame, Array]:
        """The reference grid: every combination of levels, numeric columns at their means.

        Args:
            overrides: values of numeric columns to use in place of their means.

        Returns:
            The combinations of level codes, one column per categorical column (the last varies
            slowest), and the rows of the model matrix there.
        """
        factors = [name for name in self.parsed.design_variables if name in self.levels]
        sizes = [len(self.levels[name]) for name in factors]
        n = int(np.prod(sizes, dtype=int)) if sizes else 1
        codes = np.indices(tuple(reversed(sizes))).reshape(len(sizes), n)[::-1]
        columns: dict[str, Column] = dict(zip(factors, codes, strict=True))
        for name in self.numeric:
            value = (overrides or {}).get(name, self.means[name])
            columns[name] = np.full(n, float(value))
        grid = pd.DataFrame({name: columns[name] for name in factors}, index=range(n))
        return grid, self.matrix(columns, n)[0]


def levels_of(column: pd.Series) -> pd.Index | None:
    """Levels of a column that is categorical by its type, None when it is numeric.

    A pandas categorical keeps its order; text and booleans are sorted.
    """
    if isinstance(column.array, pd.Categorical):
        return column.array.categories
    if pd.api.types.is_bool_dtype(column.dtype) or not pd.api.types.is_numeric_dtype(column.dtype):
        return sorted_levels(column)
    return None


def sorted_levels(column: pd.Series) -> pd.Index:
    """Distinct values of a column without missing ones, sorted."""
    values = column.dropna().unique()
    try:
        return pd.Index(sorted(values))
    except TypeError as error:
        raise DataError(
            f"column {column.name!r} mixes types that cannot be ordered; make it a pandas"
            " categorical with its levels in order"
        ) from error


def level_codes(column: pd.Series, levels: pd.Index) -> NDArray[np.intp]:
    """Position of each value among ``levels``, -1 where missing or not a level."""
    if isinstance(column.array, pd.Categorical) and column.array.categories is levels:
        return column.array.codes.astype(np.intp)
    return np.asarray(levels.get_indexer(pd.Index(column)), dtype=np.intp)


def require_columns(data: pd.DataFrame, names: Sequence[str]) -> None:
    """Refuse data that lack a column.

    Raises:
        DataError: naming every missing column.
    """
    missing = [name for name in names if name not in data.columns]
    if missing:
        raise DataError(
            f"the data have no column {', '.join(map(repr, missing))}; they have"
            f" {', '.join(map(repr, map(str, data.columns)))}"
        )
