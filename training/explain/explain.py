"""Explain one item: relevance by every method, its checks, and what the network's stages make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from scipy.special import softmax

from training.errors import ExperimentError
from training.explain.explanation import Completeness, Explanation, Heard, Relevance
from training.explain.features import Searched, filters, stages
from training.explain.gradients import difference
from training.explain.lens import Lens, lens_for
from training.explain.listening import relevant_sound
from training.explain.methods import LEAD, METHODS, ON_TAPS, Method
from training.explain.places import deepest
from training.explain.rounding import rounded, shortened
from training.explain.sanity import agreement, deletion_and_insertion, random_order, under_random_weights
from training.explain.subject import Subject, Traced
from training.fitting.predictor import Predictor


def explain(
    predictor: Predictor,
    item: Any,
    *,
    name: str = "",
    target: str | None = None,
    tap: str | None = None,
    items: Sequence[Any] = (),
    labels: Sequence[str] = (),
    seed: int = 0,
) -> Explanation:
    """Explain how a predictor comes to its label of an item.

    Parameters
    ----------
    predictor : Predictor
        It is not changed.
    item : object
        Raw, as for `Predictor.predict`.
    name : str
        What the item is called.
    target : str, optional
        The class to explain; the predicted one by default.
    tap : str, optional
        Where Grad-CAM reads feature maps, such as ``"stage2"``; see `training.explain.cams.grad_cam`.
    items, labels : sequence, optional
        Training items, among which those are looked for that activate a feature most.
    seed : int
        Decides noise and random orders.

    Returns
    -------
    Explanation

    Raises
    ------
    ExperimentError
        If there is no such class or tap, or not as many labels as items.
    adapters.errors.DataError
        If the item cannot become a grid.
    """
    if len(items) != len(labels):
        raise ExperimentError(f"expected a label for each of {len(items)} training items, got {len(labels)}")
    notes: list[str] = []
    methods = _methods(lens_for(predictor), tap, notes)
    found = relevance_of(predictor, item, methods, name=name, target=target, notes=notes, seed=seed)
    return with_stages(found, predictor, item, items, labels)


def relevance_of(
    predictor: Predictor,
    item: Any,
    methods: Mapping[str, Method],
    *,
    name: str = "",
    target: str | None = None,
    notes: Sequence[str] = (),
    seed: int = 0,
) -> Explanation:
    """Find what a label rests on; the network's stages stay closed.

    Parameters
    ----------
    predictor, item, name, target, seed
        As for `explain`.
    methods : mapping of str to callable
        Integrated gradients under their usual name, and others.
    notes : sequence of str
        What is to be known about these methods.

    Returns
    -------
    Explanation
        Without stages and filters.

    Raises
    ------
    ExperimentError, adapters.errors.DataError
        If there is no such class, or the item cannot become a grid.
    """
    lens = lens_for(predictor)
    subject = Subject.of(lens, predictor, item, target, seed)
    told = list(notes)
    traced = {one: method(subject) for one, method in methods.items()}
    spec = replace(predictor.adapter.grid_, axes=predictor.adapter.axes_for(item))
    return Explanation(
        item=name or "item",
        preview=predictor.adapter.preview(item),
        modality=predictor.adapter.modality,
        adapter=predictor.adapter.name,
        architecture=str(predictor.architecture["name"]),
        classes=list(predictor.classes),
        probabilities=rounded(softmax(lens.logits(subject.x[None])[0].astype(float))),
        target=predictor.classes[subject.target],
        grid=rounded(predictor.adapter.transform([item])[0]),
        spec=spec.to_json(),
        relevances=[_checked(predictor, subject, methods[one], one, found) for one, found in traced.items()],
        random_order=random_order(subject),
        agreement=agreement([found.cells for found in traced.values()]),
        completeness=Completeness(round(traced[LEAD].total, 5), round(difference(subject), 5)),
        stages=[],
        filters=None,
        gallery=[],
        searched=0,
        heard=_heard(subject, traced[LEAD], told),
        notes=told,
        seed=seed,
    )


def with_stages(
    found: Explanation, predictor: Predictor, item: Any, items: Sequence[Any] = (), labels: Sequence[str] = ()
) -> Explanation:
    """Add what the network's filters and stages make of the explained item.

    Parameters
    ----------
    found : Explanation
        As `relevance_of` gives it for this predictor and item.
    predictor, item, items, labels
        As for `explain`.
    """
    lens = lens_for(predictor)
    subject = Subject.of(lens, predictor, item, found.target, found.seed)
    searched = Searched.of(lens, predictor, items, labels) if len(items) else None
    described, gallery = stages(subject, searched)
    return replace(
        found,
        stages=described,
        filters=filters(predictor),
        gallery=gallery,
        searched=len(searched.items) if searched else 0,
    )


def _methods(lens: Lens, tap: str | None, notes: list[str]) -> dict[str, Method]:
    """Choose the methods that this network has what they need for, and say what to know about them."""
    place = lens.place(tap) if tap else deepest(lens.stages, lens.pooled, lens.spatial)
    if place is None:
        notes.append(f"{' and '.join(ON_TAPS)} need a layer that keeps the grid's cells; this network has none.")
        return {name: method for name, method in METHODS.items() if name not in ON_TAPS}
    notes.append(f"{' and '.join(ON_TAPS)} read the feature maps of “{place.name}”.")
    if not place.localises(lens.spatial):
        seen, length = (" × ".join(map(str, sizes)) for sizes in (place.parts[0].field.size, lens.spatial))
        notes.append(
            f"A cell there sees up to {seen} of the grid's {length} cells, so that its place may say little of what it saw; "
            "an earlier tap sees less."
        )
    if lens.flattens:
        notes.append(
            f"{' and '.join(ON_TAPS)} take it that a network averages its feature maps. This one flattens them and weighs "
            "each cell on its own, so that their maps may miss what it looks at."
        )
    return {**METHODS, **{name: partial(method, tap=place.name) for name, method in ON_TAPS.items()}}


def _checked(predictor: Predictor, subject: Subject, method: Method, name: str, found: Traced) -> Relevance:
    def renew() -> Subject:
        return Subject.of(subject.lens, predictor, subject.item, seed=subject.seed)

    deletion, insertion = deletion_and_insertion(subject, found.cells)
    shown = shortened(found)
    return Relevance(
        name=name,
        axes=[axis.to_json() for axis in shown.axes],
        values=rounded(shown.values),
        total=float(f"{found.total:.6g}"),
        randomised=under_random_weights(method, subject, renew, found.cells),
        deletion=deletion,
        insertion=insertion,
    )


def _heard(subject: Subject, found: Traced, notes: list[str]) -> Heard | None:
    if subject.adapter.modality != "sound":
        return None
    heard = relevant_sound(subject, found, LEAD)
    if heard is None:
        notes.append("No part of the sound speaks for this class, so there is none to hear.")
    return heard
