"""The seizure classes of the ILAE 2017 operational classification, and terms that name several.

Sources:
    Fisher et al. 2017, Epilepsia 58: 522-530 (the classification) and 58: 531-542 (the instruction
    manual, with its table of old terms and the new terms for them). Old terms: Commission on
    Classification 1981, Epilepsia 22: 489-501. Status epilepticus: Trinka et al. 2015, Epilepsia
    56: 1515-1523.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Onset = Literal["focal", "generalised", "unknown", "unclassified", ""]
Awareness = Literal["aware", "impaired", ""]
Motor = Literal["motor", "nonmotor", ""]


@dataclass(frozen=True)
class SeizureClass:
    """One class of seizures.

    Attributes:
        id: Identifier in lower case with underscores.
        label: Name for readers.
        onset: Where the seizure begins; empty for status epilepticus.
        awareness: Awareness during a focal seizure; empty where it is unknown or not used.
        motor: Whether the first prominent sign is motor; empty where it is not said.
        synonyms: Other terms for the class, as people write them.
    """

    id: str
    label: str
    onset: Onset
    awareness: Awareness
    motor: Motor
    synonyms: tuple[str, ...] = ()


_MOTOR_SIGNS = (
    "automatisms",
    "atonic",
    "clonic",
    "epileptic spasms",
    "hyperkinetic",
    "myoclonic",
    "tonic",
)
_NONMOTOR_SIGNS = ("autonomic", "behaviour arrest", "cognitive", "emotional", "sensory")
_AWARE = ("focal aware", "simple partial")
_IMPAIRED = ("focal impaired awareness", "complex partial")


def _pairs(names: tuple[str, ...], signs: tuple[str, ...]) -> tuple[str, ...]:
    """Terms such as "focal aware tonic", which say awareness and the first sign."""
    return tuple(f"{name} {sign}" for name in names for sign in signs)


_FOCAL = (
    SeizureClass(
        "focal",
        "Focal, not further specified",
        "focal",
        "",
        "",
        ("focal", "partial", "POS", "focal, awareness unknown"),
    ),
    SeizureClass(
        "focal_aware",
        "Focal aware",
        "focal",
        "aware",
        "",
        (
            *("FAS", "SPS", "simple partial", "partial simple", "aura", "focal with awareness"),
            *("focal with retained awareness", "focal with preserved awareness"),
            *("focal retained awareness", "focal preserved awareness"),
            *("focal without impairment of awareness", "focal without impaired awareness"),
            *("focal without impairment of consciousness", "focal without dyscognitive features"),
            "simple partial without impairment of consciousness",
        ),
    ),
    SeizureClass(
        "focal_aware_motor",
        "Focal aware motor",
        "focal",
        "aware",
        "motor",
        (
            *("focal aware with motor signs", "focal motor aware", "FAS motor"),
            *("simple partial motor", "simple partial with motor signs", "SPS motor"),
            *("focal motor with retained awareness", "focal motor without impairment of awareness"),
            *("focal with motor signs and retained awareness", "Jacksonian"),
            *_pairs(_AWARE, _MOTOR_SIGNS),
        ),
    ),
    SeizureClass(
        "focal_aware_nonmotor",
        "Focal aware nonmotor",
        "focal",
        "aware",
        "nonmotor",
        (
            *("focal aware without motor signs", "focal aware with nonmotor signs"),
            *("focal nonmotor aware", "FAS nonmotor", "focal nonmotor with retained awareness"),
            *("simple partial nonmotor", "simple partial without motor signs", "SPS nonmotor"),
            *("simple partial with sensory signs", "simple partial with somatosensory signs"),
            "simple partial with somatosensory or special sensory signs",
            *("simple partial with autonomic signs", "simple partial with psychic signs"),
            "simple partial psychic",
            *_pairs(_AWARE, _NONMOTOR_SIGNS),
        ),
    ),
    SeizureClass(
        "focal_impaired_awareness",
        "Focal impaired awareness",
        "focal",
        "impaired",
        "",
        (
            *("FIAS", "FIA", "CPS", "complex partial", "partial complex", "focal unaware"),
            *("focal with impaired awareness", "focal with impairment of awareness"),
            *("focal with loss of awareness", "focal with altered awareness"),
            *("focal with impaired consciousness", "focal with impairment of consciousness"),
            *("focal impaired consciousness", "complex partial with impairment of consciousness"),
            *("dyscognitive", "focal dyscognitive", "focal with dyscognitive features"),
            *("complex partial with automatisms", "psychomotor", "limbic", "dialeptic"),
        ),
    ),
    SeizureClass(
        "focal_impaired_awareness_motor",
        "Focal impaired awareness motor",
        "focal",
        "impaired",
        "motor",
        (
            *("focal impaired awareness with motor signs", "FIAS motor", "CPS motor"),
            *("focal with impaired awareness and motor signs", "focal motor impaired awareness"),
            *("focal motor with impaired awareness", "complex partial motor"),
            "complex partial with motor signs",
            *_pairs(_IMPAIRED, _MOTOR_SIGNS),
        ),
    ),
    SeizureClass(
        "focal_impaired_awareness_nonmotor",
        "Focal impaired awareness nonmotor",
        "focal",
        "impaired",
        "nonmotor",
        (
            *("focal impaired awareness without motor signs", "FIAS nonmotor", "CPS nonmotor"),
            *("focal impaired awareness with nonmotor signs", "focal nonmotor impaired awareness"),
            *("focal nonmotor with impaired awareness", "complex partial nonmotor"),
            "complex partial without motor signs",
            *_pairs(_IMPAIRED, _NONMOTOR_SIGNS),
        ),
    ),
    SeizureClass(
        "focal_motor",
        "Focal motor, awareness unknown",
        "focal",
        "",
        "motor",
        ("focal with motor signs", "partial motor", "partial with motor signs", "Sylvian"),
    ),
    SeizureClass(
        "focal_nonmotor",
        "Focal nonmotor, awareness unknown",
        "focal",
        "",
        "nonmotor",
        ("focal without motor signs", "focal with nonmotor signs", "partial nonmotor"),
    ),
    SeizureClass(
        "focal_automatisms",
        "Focal automatisms",
        "focal",
        "",
        "motor",
        (
            "automatisms",
            "focal with automatisms",
            "partial with automatisms",
            "focal motor automatisms",
        ),
    ),
    SeizureClass(
        "focal_atonic",
        "Focal atonic",
        "focal",
        "",
        "motor",
        ("partial atonic", "focal motor atonic"),
    ),
    SeizureClass(
        "focal_clonic",
        "Focal clonic",
        "focal",
        "",
        "motor",
        ("partial clonic", "focal motor clonic", "hemiclonic"),
    ),
    SeizureClass(
        "focal_epileptic_spasms",
        "Focal epileptic spasms",
        "focal",
        "",
        "motor",
        ("focal spasms", "focal motor epileptic spasms"),
    ),
    SeizureClass(
        "focal_hyperkinetic",
        "Focal hyperkinetic",
        "focal",
        "",
        "motor",
        ("hyperkinetic", "hypermotor", "focal hypermotor", "focal motor hyperkinetic"),
    ),
    SeizureClass(
        "focal_myoclonic",
        "Focal myoclonic",
        "focal",
        "",
        "motor",
        ("partial myoclonic", "focal motor myoclonic"),
    ),
    SeizureClass(
        "focal_tonic",
        "Focal tonic",
        "focal",
        "",
        "motor",
        (
            *("partial tonic", "focal motor tonic", "supplementary motor", "asymmetric tonic"),
            *("fencer's posture", "figure-of-4"),
        ),
    ),
    SeizureClass(
        "focal_autonomic",
        "Focal autonomic",
        "focal",
        "",
        "nonmotor",
        ("autonomic", "partial autonomic", "focal nonmotor autonomic"),
    ),
    SeizureClass(
        "focal_behaviour_arrest",
        "Focal behaviour arrest",
        "focal",
        "",
        "nonmotor",
        ("focal nonmotor behaviour arrest", "freeze"),
    ),
    SeizureClass(
        "focal_cognitive",
        "Focal cognitive",
        "focal",
        "",
        "nonmotor",
        ("cognitive", "focal nonmotor cognitive"),
    ),
    SeizureClass(
        "focal_emotional",
        "Focal emotional",
        "focal",
        "",
        "nonmotor",
        (
            *("emotional", "focal nonmotor emotional", "gelastic", "focal emotional gelastic"),
            *("dacrystic", "focal emotional dacrystic"),
        ),
    ),
    SeizureClass(
        "focal_sensory",
        "Focal sensory",
        "focal",
        "",
        "nonmotor",
        (
            *("sensory", "partial sensory", "focal nonmotor sensory", "somatosensory"),
            *("focal somatosensory", "gustatory", "olfactory", "uncinate"),
        ),
    ),
    SeizureClass(
        "focal_to_bilateral_tonic_clonic",
        "Focal to bilateral tonic-clonic",
        "focal",
        "",
        "motor",
        (
            *("FBTC", "FBTCS", "FTBTC", "FTBTCS", "BTC", "BTCS", "bilateral tonic-clonic"),
            *("sGTC", "sGTCS", "SGS", "secondarily generalised", "secondary generalised"),
            *("secondarily generalised tonic-clonic", "secondary generalised tonic-clonic"),
            *("partial secondarily generalised", "partial with secondary generalisation"),
            *("partial evolving to secondarily generalised", "focal secondarily generalised"),
            *("focal with secondary generalisation", "secondary generalisation"),
            "focal evolving to bilateral convulsive",
            *("focal evolving to bilateral tonic-clonic", "focal to bilateral"),
        ),
    ),
)

_GENERALISED = (
    SeizureClass(
        "generalised",
        "Generalised, not further specified",
        "generalised",
        "",
        "",
        ("generalised", "primary generalised", "primarily generalised"),
    ),
    SeizureClass("generalised_motor", "Generalised motor", "generalised", "", "motor"),
    SeizureClass(
        "generalised_tonic_clonic",
        "Generalised tonic-clonic",
        "generalised",
        "",
        "motor",
        (
            *("GTC", "GTCS", "PGTC", "PGTCS", "primary generalised tonic-clonic"),
            *("primarily generalised tonic-clonic", "generalised motor tonic-clonic"),
            "tonic-clonic of generalised onset",
        ),
    ),
    SeizureClass("generalised_clonic", "Generalised clonic", "generalised", "", "motor"),
    SeizureClass("generalised_tonic", "Generalised tonic", "generalised", "", "motor"),
    SeizureClass(
        "generalised_myoclonic",
        "Generalised myoclonic",
        "generalised",
        "",
        "motor",
        ("generalised myoclonus",),
    ),
    SeizureClass(
        "generalised_myoclonic_tonic_clonic",
        "Generalised myoclonic-tonic-clonic",
        "generalised",
        "",
        "motor",
        ("myoclonic-tonic-clonic",),
    ),
    SeizureClass(
        "generalised_myoclonic_atonic",
        "Generalised myoclonic-atonic",
        "generalised",
        "",
        "motor",
        ("myoclonic-atonic", "myoclonic-astatic"),
    ),
    SeizureClass("generalised_atonic", "Generalised atonic", "generalised", "", "motor"),
    SeizureClass(
        "generalised_epileptic_spasms",
        "Generalised epileptic spasms",
        "generalised",
        "",
        "motor",
        ("generalised spasms",),
    ),
    SeizureClass(
        "absence",
        "Absence, not further specified",
        "generalised",
        "",
        "nonmotor",
        (
            *("absence", "generalised absence", "generalised nonmotor", "petit mal"),
            "generalised nonmotor (absence)",
        ),
    ),
    SeizureClass(
        "absence_typical",
        "Typical absence",
        "generalised",
        "",
        "nonmotor",
        ("generalised typical absence",),
    ),
    SeizureClass(
        "absence_atypical",
        "Atypical absence",
        "generalised",
        "",
        "nonmotor",
        ("generalised atypical absence",),
    ),
    SeizureClass(
        "absence_myoclonic",
        "Myoclonic absence",
        "generalised",
        "",
        "nonmotor",
        ("generalised myoclonic absence",),
    ),
    SeizureClass(
        "absence_eyelid_myoclonia",
        "Eyelid myoclonia",
        "generalised",
        "",
        "nonmotor",
        (
            *("absence with eyelid myoclonia", "eyelid myoclonia with absence"),
            "generalised eyelid myoclonia",
        ),
    ),
)

_OTHER = (
    SeizureClass("unknown_motor", "Unknown onset motor", "unknown", "", "motor"),
    SeizureClass(
        "unknown_tonic_clonic",
        "Unknown onset tonic-clonic",
        "unknown",
        "",
        "motor",
        ("tonic-clonic of unknown onset", "tonic-clonic, onset unknown"),
    ),
    SeizureClass(
        "unknown_epileptic_spasms",
        "Unknown onset epileptic spasms",
        "unknown",
        "",
        "motor",
        ("unknown onset spasms", "epileptic spasms of unknown onset"),
    ),
    SeizureClass("unknown_nonmotor", "Unknown onset nonmotor", "unknown", "", "nonmotor"),
    SeizureClass(
        "unknown_behaviour_arrest",
        "Unknown onset behaviour arrest",
        "unknown",
        "",
        "nonmotor",
        ("behaviour arrest of unknown onset",),
    ),
    SeizureClass(
        "unclassified",
        "Unclassified",
        "unclassified",
        "",
        "",
        ("unclassifiable", "not classified", "not classifiable", "cannot be classified"),
    ),
    # Not a type of the 2017 scheme: ILAE 2015 defines it by its duration.
    SeizureClass(
        "status_epilepticus",
        "Status epilepticus",
        "",
        "",
        "",
        (
            *("status epilepticus", "status", "convulsive status epilepticus", "CSE", "NCSE"),
            *("nonconvulsive status epilepticus", "focal status epilepticus"),
            *("generalised status epilepticus", "absence status epilepticus"),
            *("complex partial status epilepticus", "epilepsia partialis continua"),
        ),
    ),
)

CLASSES: tuple[SeizureClass, ...] = (*_FOCAL, *_GENERALISED, *_OTHER)

# Terms as people write them; classify() looks them up in their normal form.
AMBIGUOUS_TERMS: dict[str, str] = {
    "seizure": "no type is named",
    "fit": "no type is named",
    "attack": "no type is named",
    "unknown": "either the onset or the whole type may be unknown",
    "motor": "the onset is not said",
    "nonmotor": "the onset is not said",
    "tonic-clonic": "generalised, unknown onset, or focal to bilateral",
    "TC": "generalised, unknown onset, or focal to bilateral tonic-clonic",
    "TCS": "generalised, unknown onset, or focal to bilateral tonic-clonic",
    "grand mal": "generalised, unknown onset, or focal to bilateral tonic-clonic",
    "major motor": "generalised or focal to bilateral tonic-clonic",
    "minor motor": "focal motor or generalised myoclonic",
    "convulsion": "tonic, clonic or tonic-clonic, of focal or generalised onset",
    "convulsive": "tonic, clonic or tonic-clonic, of focal or generalised onset",
    "tonic": "focal or generalised onset",
    "clonic": "focal or generalised onset",
    "atonic": "focal or generalised onset",
    "astatic": "atonic, of focal or generalised onset",
    "myoclonic": "focal or generalised onset",
    "myoclonus": "focal or generalised onset",
    "drop attack": "atonic or tonic, of focal or generalised onset",
    "drop": "atonic or tonic, of focal or generalised onset",
    "epileptic spasms": "focal, generalised or unknown onset",
    "spasms": "focal, generalised or unknown onset",
    "infantile spasms": "epileptic spasms of focal, generalised or unknown onset",
    "salaam": "epileptic spasms of focal, generalised or unknown onset",
    "behaviour arrest": "focal or unknown onset",
    "akinetic": "focal behaviour arrest or absence",
    "staring spell": "absence, focal impaired awareness or behaviour arrest",
    "psychic": "focal cognitive or focal emotional",
    "rolandic": "focal aware motor or focal to bilateral tonic-clonic",
    "neocortical": "focal aware or focal impaired awareness",
}
