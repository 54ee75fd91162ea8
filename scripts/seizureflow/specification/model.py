"""What a specification of datasets says of studies, datasets, variables and parameters."""

from __future__ import annotations

from dataclasses import dataclass

# Values of a variable, each with its meaning.
Codelist = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Variable:
    """A variable of a dataset.

    Attributes:
        name: Name.
        label: Label of at most 40 bytes.
        kind: ``text``, ``integer``, ``float`` or ``date``.
        derivation: How the values come about, in words.
        source: Raw files and columns, variables of datasets or keys of the protocol that they come
            from; empty where there are none.
        codelist: The values allowed with their meanings; empty where there is no list.
        length: Bytes of the longest text in the data, 8 for numbers and dates; None before there
            are data.
    """

    name: str
    label: str
    kind: str
    derivation: str
    source: str
    codelist: Codelist = ()
    length: int | None = None


@dataclass(frozen=True)
class Parameter:
    """A parameter of a dataset, whose values are in AVAL.

    Attributes:
        code: PARAMCD.
        label: PARAM.
        kind: ``integer`` or ``float``.
        derivation: How AVAL comes about, in words.
        baseline: How BASE comes about; empty where there is none.
        source: Variables that it comes from.
        codelist: The values allowed with their meanings; empty where there is no list.
    """

    code: str
    label: str
    kind: str
    derivation: str
    source: str
    baseline: str = ""
    codelist: Codelist = ()


@dataclass(frozen=True)
class Dataset:
    """A dataset.

    Attributes:
        name: Name, in capitals.
        label: Label of at most 40 bytes.
        structure: What a row is.
        keys: Names of the variables that tell rows apart, in their order.
        variables: The variables in the order of the dataset.
        parameters: The parameters in the order of the dataset; empty where it has none.
    """

    name: str
    label: str
    structure: str
    keys: tuple[str, ...]
    variables: tuple[Variable, ...]
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True)
class Specification:
    """The datasets of a study.

    Attributes:
        study: Name of the study.
        title: Title of the trial.
        simulated: Whether the participants are simulated.
        dummy_treatment: Whether the arms are dummies because treatment is blinded.
        datasets: The datasets.
    """

    study: str
    title: str
    simulated: bool
    dummy_treatment: bool
    datasets: tuple[Dataset, ...]
