"""The adapters by name. A new one is its file, one line here, and one case in the tests."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from typing import TYPE_CHECKING, Any

from adapters import MODALITIES
from adapters.errors import DataError

if TYPE_CHECKING:
    from adapters.base import Adapter


@dataclass(frozen=True)
class Entry:
    """Where an adapter is, so that a list of them imports none."""

    module: str
    member: str
    modality: str
    line: str


ADAPTERS: dict[str, Entry] = {
    "image": Entry("adapters.image", "Image", "image", "pictures as brightness, rows × columns"),
    "mel-spectrogram": Entry(
        "adapters.sound.mel_spectrogram", "MelSpectrogram", "sound", "sounds as level in dB, time × mel band"
    ),
    "spectrogram": Entry(
        "adapters.sound.spectrogram", "Spectrogram", "sound", "sounds as level in dB, time × frequency"
    ),
    "mfcc": Entry("adapters.sound.mfcc", "Mfcc", "sound", "sounds as cepstral coefficients, time × coefficient"),
    "constant-q": Entry("adapters.sound.constant_q", "ConstantQ", "sound", "sounds as level in dB, time × pitch"),
    "chroma": Entry("adapters.sound.chroma", "Chroma", "sound", "sounds as energy, time × pitch class"),
    "waveform": Entry("adapters.sound.waveform", "Waveform", "sound", "sounds as samples, time"),
    "words": Entry("adapters.text.words", "Words", "text", "texts as ids of words"),
    "characters": Entry("adapters.text.characters", "Characters", "text", "texts as characters, one-hot or ids"),
    "bytes": Entry("adapters.text.bytes", "Bytes", "text", "texts as bytes of UTF-8, ids or one-hot"),
    "k-mers": Entry("adapters.text.k_mers", "KMers", "text", "sequences of letters (DNA) as ids of overlapping words"),
    "word-vectors": Entry(
        "adapters.text.word_vectors",
        "WordVectors",
        "text",
        "texts as vectors of words, from a file of word2vec or GloVe",
    ),
    "page": Entry("adapters.text.page", "Page", "text", "texts as lines × columns: code, forms, logs, tables"),
    "fields": Entry("adapters.text.fields", "Fields", "text", "records (JSON lines, key=value), field × character"),
    "series": Entry("adapters.series.series", "Series", "series", "time series of one or several channels"),
    "gramian-field": Entry(
        "adapters.series.gramian_field", "GramianField", "series", "series as Gramian angular fields, time × time"
    ),
    "recurrence-plot": Entry(
        "adapters.series.recurrence_plot", "RecurrencePlot", "series", "series as recurrence plots, time × time"
    ),
    "markov-field": Entry(
        "adapters.series.markov_field", "MarkovField", "series", "series as Markov transition fields, time × time"
    ),
    "scalogram": Entry(
        "adapters.series.scalogram", "Scalogram", "series", "series as amplitudes of wavelets, time × frequency"
    ),
    "series-spectrogram": Entry(
        "adapters.series.series_spectrogram", "SeriesSpectrogram", "series", "series as level in dB, time × frequency"
    ),
    "table-row": Entry(
        "adapters.table.table_row", "TableRow", "table", "rows of a table, one cell a number or category"
    ),
    "table-grid": Entry(
        "adapters.table.table_grid", "TableGrid", "table", "rows of a table as pictures, each column at its place"
    ),
    "board": Entry("adapters.board.board", "Board", "board", "game boards, one plane a piece or value"),
}
DEFAULTS = {
    "image": "image",
    "sound": "mel-spectrogram",
    "text": "words",
    "series": "series",
    "table": "table-row",
    "board": "board",
}


def names() -> tuple[str, ...]:
    """Names of all adapters."""
    return tuple(ADAPTERS)


def describe() -> list[tuple[str, str, str]]:
    """Name, modality and one line of each adapter, without importing any."""
    return [(name, entry.modality, entry.line) for name, entry in ADAPTERS.items()]


def default_settings(modality: str) -> dict[str, Any]:
    """Name the adapter that suits a modality, as settings.

    Raises
    ------
    DataError
        If the modality is unknown.
    """
    if modality not in DEFAULTS:
        raise DataError(f"expected a modality of {', '.join(MODALITIES)}, got {modality!r}")
    return {"name": DEFAULTS[modality]}


def from_settings(settings: Mapping[str, Any]) -> Adapter:
    """Make an adapter from plain data.

    Parameters
    ----------
    settings : mapping
        ``name`` and any of that adapter's parameters.

    Raises
    ------
    DataError
        If the name or a parameter is unknown, or a value does not fit.

    Examples
    --------
    >>> from_settings({"name": "image", "height": 28, "width": 28}).settings()["channels"]
    'grey'
    """
    parameters = dict(settings)
    name = parameters.pop("name", None)
    if name not in ADAPTERS:
        raise DataError(f"expected an adapter of {', '.join(ADAPTERS)}, got {name!r}{nearest(name, ADAPTERS)}")
    member: type[Adapter] = getattr(import_module(ADAPTERS[name].module), ADAPTERS[name].member)
    known = [parameter.name for parameter in fields(member)]
    for parameter in parameters:
        if parameter not in known:
            raise DataError(
                f"{name}: expected parameters of {', '.join(known)}, got {parameter!r}{nearest(parameter, known)}"
            )
    adapter = member(**parameters)
    adapter._validate()
    return adapter


def nearest(word: object, known: Mapping[str, Any] | list[str]) -> str:
    """Suggest the known name that is spelt most like ``word``; empty if none is."""
    found = difflib.get_close_matches(str(word), list(known), n=1)
    return f"; did you mean {found[0]!r}?" if found else ""
