"""Where nothing is named, the networks that are taken read whatever grid an adapter makes."""

from importlib import import_module

import pytest

import zoo
from adapters import registry
from adapters.sources.memory import from_arrays
from training.usual import ALIGNED, DEFAULT_ARCHITECTURES, default_architectures, judged_architectures, usual_for


def rank_of(name):
    entry = registry.ADAPTERS[name]
    return getattr(import_module(entry.module), entry.member).rank


@pytest.mark.parametrize("name", registry.ADAPTERS)
def test_default_networks_read_the_grids_of_every_adapter(name):
    modality, rank = registry.ADAPTERS[name].modality, rank_of(name)
    for kind in (modality, ALIGNED) if modality == "text" else (modality,):
        for settings in default_architectures(kind, rank):
            own = zoo.architecture(settings["name"], {k: v for k, v in settings.items() if k != "name"})
            assert rank in own.ranks, f"{settings['name']} does not read {name}"


def test_a_verdict_asks_a_network_that_sees_neighbours_alone_where_the_usual_one_sees_most_of_a_row():
    rows = from_arrays([[0.0, 1.0, 2.0]] * 4, ["a", "b"] * 2)
    assert [one["name"] for one in judged_architectures(rows)] == ["tc-resnet8", "res8"]
    series = from_arrays([[0.0, 1.0, 2.0]] * 4, ["a", "b"] * 2, modality="series")
    assert [one["name"] for one in judged_architectures(series)] == ["tc-resnet8", "res8"]
    assert judged_architectures(series, [{"name": "gramian-field"}]) == [usual_for(series, [{"name": "gramian-field"}])]
    texts = from_arrays(["so good", "bad"] * 6, ["a", "b"] * 6, modality="text")
    assert judged_architectures(texts) == [usual_for(texts)]


def test_a_field_of_times_is_read_as_a_picture():
    series = from_arrays([[0.0, 1.0, 2.0]] * 4, ["a", "b"] * 2, modality="series")
    assert usual_for(series)["name"] == DEFAULT_ARCHITECTURES["series"][0]
    field = {"name": "gramian-field"}
    assert usual_for(series, [field])["name"] == DEFAULT_ARCHITECTURES["image"][0]
    assert usual_for(series, [{"name": "series"}, field])["name"] == DEFAULT_ARCHITECTURES["image"][0]
