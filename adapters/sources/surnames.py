"""Surnames of ten languages, from the lists that Faker carries."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from adapters.dataset import Dataset
from adapters.errors import DataError
from adapters.sources.about import about

# All in Latin script, so that the script alone tells nothing; the attribute holds the list.
LISTS = {
    "Croatian": ("hr_HR", "last_names"),
    "Czech": ("cs_CZ", "last_names"),
    "Dutch": ("nl_NL", "last_names"),
    "English": ("en_GB", "last_names"),
    "Finnish": ("fi_FI", "last_names"),
    "French": ("fr_FR", "last_names"),
    "German": ("de_DE", "last_names"),
    "Italian": ("it_IT", "last_names"),
    "Polish": ("pl_PL", "unisex_last_names"),
    "Spanish": ("es_ES", "last_names"),
}
MOST_A_CLASS = 180


def load(name: str, data_home: Path | None, seed: int) -> Dataset:
    """Draw at most 180 surnames a language; names that two languages share are left out."""
    if find_spec("faker") is None:
        raise DataError("surnames: expected the package faker, which carries them; pip install gridzoo[demo]")
    lists = {language: _names(*place) for language, place in LISTS.items()}
    shared = Counter(name.casefold() for names in lists.values() for name in {n.casefold(): n for n in names}.values())
    rng = np.random.default_rng(seed)
    items: list[str] = []
    labels: list[str] = []
    for language, names in lists.items():
        own = [name for name in names if shared[name.casefold()] == 1]
        drawn = sorted(rng.permutation(len(own))[:MOST_A_CLASS])
        items += [own[i] for i in drawn]
        labels += [language] * len(drawn)
    provenance = about(name, (f"at most {MOST_A_CLASS} names a language; names of two languages left out",))
    settings = {"name": "characters", "max_length": 16, "lower": True}
    return Dataset(name, "text", items, np.asarray(labels), provenance, adapter=settings)


def _names(locale: str, attribute: str) -> list[str]:
    provider = import_module(f"faker.providers.person.{locale}").Provider
    return sorted({" ".join(name.split()) for name in getattr(provider, attribute)})
