from collections import Counter
from pathlib import Path

import pytest
from seizureflow.ilae import (
    AMBIGUOUS,
    CLASSES,
    class_terms,
    classify,
    map_types,
    nearest_class,
    normalise_term,
)
from seizureflow.ilae_classes import AMBIGUOUS_TERMS

PAGE = Path(__file__).parents[2] / "docs" / "seizure-types.md"

# Fisher et al. 2017, Epilepsia 58: 522-530, figure of the expanded classification.
SCHEME = {
    "Focal aware seizure": "focal_aware",
    "Focal aware motor": "focal_aware_motor",
    "Focal aware non-motor seizure": "focal_aware_nonmotor",
    "Focal impaired awareness seizures": "focal_impaired_awareness",
    "Focal impaired awareness motor": "focal_impaired_awareness_motor",
    "Focal impaired-awareness nonmotor onset seizure": "focal_impaired_awareness_nonmotor",
    "Focal motor onset": "focal_motor",
    "Focal non-motor onset": "focal_nonmotor",
    "Focal automatisms": "focal_automatisms",
    "Focal automatism seizure": "focal_automatisms",
    "Focal atonic seizure": "focal_atonic",
    "focal CLONIC": "focal_clonic",
    "Focal epileptic spasms": "focal_epileptic_spasms",
    "focal onset epileptic spasm": "focal_epileptic_spasms",
    "Focal hyperkinetic seizure": "focal_hyperkinetic",
    "Focal myoclonic": "focal_myoclonic",
    "Focal tonic": "focal_tonic",
    "Focal autonomic seizure": "focal_autonomic",
    "Focal behavior arrest": "focal_behaviour_arrest",
    "Focal behavioural arrest seizure": "focal_behaviour_arrest",
    "Focal cognitive": "focal_cognitive",
    "Focal emotional seizure": "focal_emotional",
    "Focal sensory seizure": "focal_sensory",
    "Focal to bilateral tonic-clonic": "focal_to_bilateral_tonic_clonic",
    "focal-to-bilateral tonic clonic seizure": "focal_to_bilateral_tonic_clonic",
    "Focal onset seizure": "focal",
    "Generalized onset tonic-clonic seizure": "generalised_tonic_clonic",
    "Generalised tonic–clonic": "generalised_tonic_clonic",
    "generalized clonic": "generalised_clonic",
    "Generalized tonic seizure": "generalised_tonic",
    "generalised myoclonic": "generalised_myoclonic",
    "Generalized myoclonic-tonic-clonic": "generalised_myoclonic_tonic_clonic",
    "Myoclonic-atonic seizure": "generalised_myoclonic_atonic",
    "Generalized atonic": "generalised_atonic",
    "Generalized epileptic spasms": "generalised_epileptic_spasms",
    "Typical absence": "absence_typical",
    "absence, typical": "absence_typical",
    "Atypical absence seizures": "absence_atypical",
    "Myoclonic absence": "absence_myoclonic",
    "Absence with eyelid myoclonia": "absence_eyelid_myoclonia",
    "Eyelid myoclonia": "absence_eyelid_myoclonia",
    "Generalized non-motor (absence)": "absence",
    "Unknown onset tonic-clonic": "unknown_tonic_clonic",
    "Tonic-clonic seizure of unknown onset": "unknown_tonic_clonic",
    "unknown-onset epileptic spasms": "unknown_epileptic_spasms",
    "Unknown onset behavior arrest": "unknown_behaviour_arrest",
    "Unclassified seizure": "unclassified",
    "Unclassifiable": "unclassified",
    # Combined terms, by the rules of the manual (58: 531-542).
    "Focal aware tonic seizure": "focal_aware_motor",
    "focal aware sensory": "focal_aware_nonmotor",
    "Focal impaired awareness automatism seizure": "focal_impaired_awareness_motor",
    "Focal impaired awareness behavior arrest": "focal_impaired_awareness_nonmotor",
}

# Commission on Classification 1981, Epilepsia 22: 489-501, and the manual's table of old terms.
OLD_TERMS = {
    "Partial seizure": "focal",
    "partial onset seizures": "focal",
    "Simple partial seizure": "focal_aware",
    "SPS": "focal_aware",
    "Aura": "focal_aware",
    "auras": "focal_aware",
    "Simple partial with motor signs": "focal_aware_motor",
    "Simple partial seizures (motor)": "focal_aware_motor",
    "Jacksonian seizure": "focal_aware_motor",
    "Simple partial with somatosensory or special sensory symptoms": "focal_aware_nonmotor",
    "Simple partial with autonomic symptoms": "focal_aware_nonmotor",
    "Simple partial seizures with psychic symptoms": "focal_aware_nonmotor",
    "Complex partial seizure": "focal_impaired_awareness",
    "CPS": "focal_impaired_awareness",
    "Dyscognitive": "focal_impaired_awareness",
    "Focal dyscognitive seizure": "focal_impaired_awareness",
    "Psychomotor seizure": "focal_impaired_awareness",
    "Limbic": "focal_impaired_awareness",
    "Dialeptic": "focal_impaired_awareness",
    "Complex partial with automatisms": "focal_impaired_awareness",
    "Sylvian seizure": "focal_motor",
    "Supplementary motor seizure": "focal_tonic",
    "Fencer's posture": "focal_tonic",
    "Figure-of-4": "focal_tonic",
    "Freeze": "focal_behaviour_arrest",
    "Gelastic": "focal_emotional",
    "Dacrystic": "focal_emotional",
    "Gustatory": "focal_sensory",
    "Uncinate": "focal_sensory",
    "Secondarily generalized tonic-clonic": "focal_to_bilateral_tonic_clonic",
    "Secondarily generalised seizures": "focal_to_bilateral_tonic_clonic",
    "Partial seizures evolving to secondarily generalized seizures": "focal_to_bilateral_tonic_clonic",
    "sGTC": "focal_to_bilateral_tonic_clonic",
    "SGTCS": "focal_to_bilateral_tonic_clonic",
    "Petit mal": "absence",
    "Absences": "absence",
    "Myoclonic-astatic": "generalised_myoclonic_atonic",
}

# Abbreviations and upper-case terms of case report forms.
FORMS = {
    "FAS": "focal_aware",
    "FIAS": "focal_impaired_awareness",
    "FBTCS": "focal_to_bilateral_tonic_clonic",
    "BTCS": "focal_to_bilateral_tonic_clonic",
    "GTC": "generalised_tonic_clonic",
    "GTCS": "generalised_tonic_clonic",
    "GTCs": "generalised_tonic_clonic",
    "FOCAL AWARE SEIZURE WITH MOTOR SIGNS": "focal_aware_motor",
    "FOCAL AWARE SEIZURE WITHOUT MOTOR SIGNS": "focal_aware_nonmotor",
    "FOCAL SEIZURE WITH IMPAIRED AWARENESS": "focal_impaired_awareness",
    "FOCAL SEIZURE WITH RETAINED AWARENESS": "focal_aware",
    "FOCAL IMPAIRED AWARENESS SEIZURE WITH MOTOR SYMPTOMS": "focal_impaired_awareness_motor",
    "FOCAL TO BILATERAL TONIC-CLONIC SEIZURE": "focal_to_bilateral_tonic_clonic",
    "BILATERAL TONIC-CLONIC": "focal_to_bilateral_tonic_clonic",
    # Trinka et al. 2015, Epilepsia 56: 1515-1523.
    "Status epilepticus": "status_epilepticus",
    "Non-convulsive status epilepticus": "status_epilepticus",
    "Epilepsia partialis continua": "status_epilepticus",
}
TERMS = SCHEME | OLD_TERMS | FORMS


@pytest.mark.parametrize(("term", "expected"), TERMS.items())
def test_terms_map_to_their_class(term, expected):
    found = classify(term)
    assert found is not None
    assert found.id == expected


def test_ids_are_unique_and_those_of_the_opus_protocol_are_classes():
    ids = [entry.id for entry in CLASSES]
    assert len(set(ids)) == len(ids)
    opus = ("focal_aware_motor", "focal_impaired_awareness", "focal_aware_nonmotor")
    assert {*opus, "focal_to_bilateral_tonic_clonic", "status_epilepticus"} <= set(ids)


def test_each_term_belongs_to_one_class():
    owners = Counter(term for entry in CLASSES for term in class_terms(entry))
    assert [term for term, count in owners.items() if count > 1] == []


@pytest.mark.parametrize("term", AMBIGUOUS_TERMS)
def test_ambiguous_terms_have_no_class(term):
    assert classify(term) is None
    assert AMBIGUOUS[normalise_term(term)]


def test_onset_awareness_and_motor_agree_with_the_name():
    for entry in CLASSES:
        assert entry.awareness == "" or entry.onset == "focal", entry.id
        if "focal_aware" in entry.id:
            assert entry.awareness == "aware"
        if "impaired" in entry.id:
            assert entry.awareness == "impaired"
        if entry.id.endswith("nonmotor") or "absence" in entry.id:
            assert entry.motor == "nonmotor"
        elif entry.id.endswith(("motor", "clonic", "tonic", "atonic", "spasms")):
            assert entry.motor == "motor"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Focal   AWARE_motor ", "focal aware motor"),
        ("Generalized-onset seizures", "generalised"),
        ("non-motor", "nonmotor"),
        ("tonicclonic", "tonic clonic"),
        ("Seizures", "seizure"),
        ("onset", ""),
        ("  - ", ""),
        ("", ""),
    ],
)
def test_normalise_term(text, expected):
    assert normalise_term(text) == expected
    assert normalise_term(expected) == expected


@pytest.mark.parametrize(
    ("typo", "label"),
    [
        ("focal awre motor", "Focal aware motor"),
        ("complx partial", "Focal impaired awareness"),
        ("focal to bilatreal tonic clonic", "Focal to bilateral tonic-clonic"),
        ("headache", None),
        ("", None),
    ],
)
def test_typos_get_a_suggestion_and_no_class(typo, label):
    assert classify(typo) is None
    assert nearest_class(typo) == label


DECLARED = [
    {"id": "focal_aware_motor", "label": "Focal aware with motor signs", "countable": True},
    {"id": "cps", "label": "Lapses", "countable": True, "ilae": "focal_impaired_awareness"},
    {"id": "big", "label": "Big seizures", "countable": True, "synonyms": ["Grand mal", "GTCS"]},
    {"id": "tonic_a", "label": "Tonic, asleep", "countable": False, "ilae": "focal_tonic"},
    {"id": "tonic_b", "label": "Tonic, awake", "countable": False, "ilae": "focal_tonic"},
    {"id": "other", "label": "Other", "countable": False},
]


@pytest.mark.parametrize(
    ("verbatim", "type_id", "ilae_id", "via", "countable"),
    [
        ("FOCAL AWARE SEIZURE WITH MOTOR SIGNS", "focal_aware_motor", "focal_aware_motor", "protocol", True),
        ("Jacksonian", "focal_aware_motor", "focal_aware_motor", "ilae", True),
        ("Complex partial", "cps", "focal_impaired_awareness", "ilae", True),
        ("lapses", "cps", "focal_impaired_awareness", "protocol", True),
        ("Grand-Mal", "big", None, "protocol", True),
        ("GTCS", "big", None, "protocol", True),  # the protocol goes before the class
        ("OTHER", "other", None, "protocol", False),
    ],
)  # fmt: skip
def test_mapped_types(verbatim, type_id, ilae_id, via, countable):
    (found,) = map_types([verbatim], DECLARED)
    assert (found.type_id, found.ilae_id, found.via) == (type_id, ilae_id, via)
    assert found.countable is countable
    assert found.suggestion == ""


@pytest.mark.parametrize(
    ("verbatim", "ilae_id", "part"),
    [
        ("drop attack", None, "ambiguous: atonic or tonic"),
        ("focal tonic", "focal_tonic", '"Tonic, asleep" and "Tonic, awake"'),
        ("Absence", "absence", "declares no type"),
        ("Lapsees", None, 'Did you mean "Lapses"?'),
        ("generalised tonik", None, 'Did you mean "Generalised tonic"?'),
        ("headache", None, "Add it to the synonyms"),
        ("", None, "Add it to the synonyms"),
    ],
)
def test_unmapped_types(verbatim, ilae_id, part):
    (found,) = map_types([verbatim], DECLARED)
    assert (found.type_id, found.ilae_id, found.via, found.countable) == (None, ilae_id, "", None)
    assert part in found.suggestion


def test_a_term_of_two_declared_types_is_not_mapped():
    declared = [
        {"id": "a", "label": "Spell", "countable": True},
        {"id": "b", "label": "Spells", "countable": False},
    ]
    (found,) = map_types(["SPELLS"], declared)
    assert found.type_id is None
    assert '"Spell" and "Spells"' in found.suggestion


def test_each_distinct_term_once_in_order():
    found = map_types(["other", "cps", "other"], DECLARED)
    assert [entry.verbatim for entry in found] == ["other", "cps"]


def test_the_page_lists_every_class_and_ambiguous_term():
    page = PAGE.read_text(encoding="utf-8")
    assert [entry.id for entry in CLASSES if f"| `{entry.id}` | {entry.label} |" not in page] == []
    assert [t for t, why in AMBIGUOUS_TERMS.items() if f"| {t} | {why} |" not in page] == []
