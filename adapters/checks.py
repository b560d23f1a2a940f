"""What every adapter promises, one check a promise.

A check takes a `Case` and fails with an `AssertionError` that says which promise is
broken. Run all of them over your own adapter as the project does over its members::

    for check in CHECKS:
        check(case)
"""

from __future__ import annotations

import copy
import json
import math
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import clone

from adapters import storage
from adapters.audit import digest
from adapters.base import Adapter
from adapters.case import Case, refused
from adapters.errors import DataError, ItemError
from adapters.grid import GridSpec
from adapters.relevance_checks import (
    check_each_cell_lands_where_its_edges_say,
    check_relevance_of_another_shape,
    check_total_is_preserved,
)


def check_shape(case: Case) -> None:
    """Check that grids have the rank, shape and type that is said, and are finite; none at all for no items."""
    adapter = case.fitted()
    assert len(adapter.grid_.axes) == adapter.rank, (len(adapter.grid_.axes), adapter.rank)
    for items in (case.train, case.other, []):
        grids = adapter.transform(items)
        assert grids.shape == (len(items), *adapter.grid_.shape), (grids.shape, adapter.grid_.shape)
        assert grids.dtype == np.dtype(adapter.grid_.dtype), grids.dtype
        assert np.isfinite(grids).all(), "expected finite grids"
    if adapter.grid_.vocabulary:
        ids = adapter.transform(case.other)
        assert ids.min() >= 0, "expected ids of at least 0"
        assert ids.max() < adapter.grid_.vocabulary_size, "expected ids below the vocabulary's size"


def check_items_are_left_alone(case: Case) -> None:
    """Check that no method changes an item."""
    items = copy.deepcopy([*case.train, *case.other])
    before = [digest(item) for item in items]
    adapter = clone(case.adapter).fit(items)
    adapter.transform(items)
    for item in items:
        adapter.preview(item)
        adapter.axes_for(item)
        adapter.backproject(np.ones(adapter.grid_.spatial), item)
    assert [digest(item) for item in items] == before, "expected items to be as they were"


def check_fit_is_the_only_teacher(case: Case) -> None:
    """Check that what an adapter knows comes from the training items; transforming others changes nothing."""
    adapter = case.fitted()
    known, grids = _state(adapter), adapter.transform(case.train)
    adapter.transform(case.other)
    adapter.read([case.bad])
    for item in case.other:
        adapter.backproject(np.ones(adapter.grid_.spatial), item)
    assert _state(adapter) == known, "expected the fitted state to stay as it was"
    np.testing.assert_array_equal(adapter.transform(case.train), grids)


def check_each_item_alone(case: Case) -> None:
    """Check that a grid does not depend on the items beside it, nor on their order."""
    adapter = case.fitted()
    items = [*case.train, *case.other]
    together = adapter.transform(items)
    alone = np.concatenate([adapter.transform([item]) for item in items])
    np.testing.assert_allclose(alone, together, rtol=1e-5, atol=1e-4)


def check_refit(case: Case) -> None:
    """Check that fitting again gives the same, and forgets what was before."""
    first, again = case.fitted(), clone(case.adapter).fit(case.other).fit(case.train)
    assert _state(first) == _state(again), "expected the same state after fitting again"
    np.testing.assert_array_equal(first.transform(case.other), again.transform(case.other))


def check_fit_transform(case: Case) -> None:
    """Check that `fit_transform` is `fit`, then `transform`; so are `read`, `fit_read` and `grids`."""
    apart = case.fitted().transform(case.train)
    np.testing.assert_array_equal(clone(case.adapter).fit_transform(case.train), apart)
    adapter = clone(case.adapter)
    values = adapter.read(case.train).values
    np.testing.assert_array_equal(adapter.fit_read(values).grids(values), apart)


def check_unfitted(case: Case) -> None:
    """Check that before `fit` there are no grids, and the error says so."""
    assert "fit" in refused(lambda: clone(case.adapter).transform(case.train), DataError)
    item = case.train[0]
    assert "fit" in refused(lambda: clone(case.adapter).axes_for(item), DataError)
    refused(lambda: clone(case.adapter).fit([]), DataError)


def check_clone(case: Case) -> None:
    """Check that parameters can be read, set and cloned, as scikit-learn does."""
    parameters = case.adapter.get_params()
    assert clone(case.adapter).get_params() == parameters
    assert {"name": case.adapter.name, **parameters} == case.adapter.settings()
    changed: Adapter = clone(case.adapter).set_params(**case.changed)
    assert changed.get_params() == {**parameters, **case.changed}
    changed.fit(case.train)
    assert not hasattr(clone(changed), "grid_"), "expected a clone not to be fitted"


def check_settings_are_json(case: Case) -> None:
    """Check that settings go through JSON and back, and make the same adapter."""
    from adapters.registry import from_settings

    settings = json.loads(json.dumps(case.adapter.settings(), allow_nan=False))
    assert from_settings(settings).settings() == case.adapter.settings()


def check_storage(case: Case) -> None:
    """Check that a saved adapter makes the same grids, and has the same axes."""
    adapter = case.fitted()
    with tempfile.TemporaryDirectory() as folder:
        storage.save(adapter, Path(folder))
        loaded = storage.load(Path(folder))
    assert type(loaded) is type(adapter)
    assert loaded.grid_ == adapter.grid_
    items = [*case.train, *case.other]
    np.testing.assert_array_equal(loaded.transform(items), adapter.transform(items))


def check_grid_is_json(case: Case) -> None:
    """Check that the grid's description goes through JSON and back."""
    grid = case.fitted().grid_
    assert GridSpec.from_json(json.loads(json.dumps(grid.to_json(), allow_nan=False))) == grid


def check_bad_item(case: Case) -> None:
    """Check that a bad item is named; `read` sets it aside, and keeps the others in order."""
    items = [case.train[0], case.bad, *case.train[1:]]
    reading = clone(case.adapter).read(items)
    assert reading.kept.tolist() == [0, *range(2, len(items))], reading.kept
    assert len(reading.values) == len(reading.kept)
    (error,) = reading.errors
    name = str(case.bad) if isinstance(case.bad, Path) else "items[1]"
    assert (error.item, str(error)) == (name, f"{name}: {error.reason}")
    assert "expected" in error.reason, error.reason
    assert refused(lambda: clone(case.adapter).fit(items), ItemError) == str(error)
    assert name in refused(lambda: case.fitted().transform(items), ItemError)


def check_one_item(case: Case) -> None:
    """Check that one item where several are expected is refused, not taken apart."""
    alone: tuple[Any, ...] = ("so good", b"so good", Path("a.png"), {"weight": 1.0})
    for item in alone:
        assert "write [item]" in refused(partial(case.fitted().transform, item), DataError)


def check_preview(case: Case) -> None:
    """Check that a preview is plain data of the kind that the modality has."""
    for item in [*case.train, *case.other]:
        preview = case.adapter.preview(item)
        assert preview["kind"] == case.adapter.modality, preview["kind"]
        assert len(preview) > 1, "expected something to show"
        assert json.loads(json.dumps(preview, allow_nan=False)) == preview


def check_repr(case: Case) -> None:
    """Check that an adapter says in two lines what it is set to and what it makes."""
    adapter = case.fitted()
    settings, grid = repr(adapter).split("\n")
    assert settings.startswith(f"{type(adapter).__name__}("), settings
    assert grid.strip() == adapter.grid_.describe(), grid
    assert repr(case.adapter).endswith("not fitted")


def check_figure(case: Case) -> None:
    """Check that an item's grid can be drawn, with every axis and the quantity named."""
    adapter = case.fitted()
    for item in (case.train[0], case.other[0]):
        drawn = adapter.figure(item)
        shown = json.loads(drawn.to_json())
        cells = sum(np.asarray(trace.z if trace.type == "heatmap" else trace.y).size for trace in drawn.data)
        every = {math.prod(adapter.grid_.shape), math.prod(adapter.grid_.spatial)}
        assert cells in every, f"expected every cell to be drawn, {cells} are"
        for axis in adapter.axes_for(item):
            assert axis.name in json.dumps(shown["layout"]), f"expected axis {axis.name!r} to be named"
        assert adapter.grid_.quantity in json.dumps(shown), "expected the quantity to be named"


def check_inverse(case: Case) -> None:
    """Check that an inverse makes items again: exactly the grids' if it says so, and refuses if there is none."""
    adapter = case.fitted()
    grids = adapter.transform(case.train)
    if adapter.inverse == "none":
        refused(lambda: adapter.inverse_transform(grids), DataError)
        return
    decoded = adapter.inverse_transform(grids)
    again = adapter.grids(decoded)
    assert again.shape == grids.shape, (again.shape, grids.shape)
    if adapter.inverse == "exact":
        np.testing.assert_allclose(again, grids, rtol=1e-4, atol=1e-4)


def check_augmentations(case: Case) -> None:
    """Check that each augmentation is ``what:axis``, for an axis of the grid."""
    names = {axis.name for axis in case.fitted().grid_.axes}
    for augmentation in case.adapter.augmentations:
        what, _, axis = augmentation.partition(":")
        assert what, augmentation
        assert axis in names, (augmentation, names)


def _state(adapter: Adapter) -> dict[str, bytes]:
    """Hash what an adapter learned, attribute by attribute."""
    learned = {name: value for name, value in vars(adapter).items() if name.endswith("_")}
    return {
        name: digest(value.to_json() if isinstance(value, GridSpec) else value)
        for name, value in sorted(learned.items())
    }


CHECKS: tuple[Callable[[Case], None], ...] = (
    check_shape,
    check_items_are_left_alone,
    check_fit_is_the_only_teacher,
    check_each_item_alone,
    check_refit,
    check_fit_transform,
    check_unfitted,
    check_total_is_preserved,
    check_each_cell_lands_where_its_edges_say,
    check_relevance_of_another_shape,
    check_clone,
    check_settings_are_json,
    check_storage,
    check_grid_is_json,
    check_bad_item,
    check_one_item,
    check_preview,
    check_repr,
    check_figure,
    check_inverse,
    check_augmentations,
)
