"""What the page computes by itself, beside Keras, gridzoo's zoo, and numpy."""

from __future__ import annotations

import base64
import itertools
import os
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
OPTIMIZERS = {
    "descent": lambda keras, rate: keras.optimizers.SGD(rate),
    "momentum": lambda keras, rate: keras.optimizers.SGD(rate, momentum=0.9),
    "adam": lambda keras, rate: keras.optimizers.Adam(rate),
}


def stored_model(network: dict[str, Any]) -> Any:
    """Build the zoo's network anew and give it the weights that the page has."""
    import zoo

    settings = {key: value for key, value in network["architecture"].items() if key != "name"}
    model = zoo.build(zoo.architecture(network["architecture"]["name"], settings), zoo.Grid(tuple(network["grid"])), 2)
    weights = [layer for layer in network["layers"] if "weights" in layer]
    model.set_weights([np.frombuffer(base64.b64decode(one["weights"]), "<f4").reshape(one["shape"]) for one in weights])
    return model


def test_browser_gives_the_logits_and_layers_of_keras(
    lessons: Any, stored: dict[str, Any], drawings: ModuleType
) -> None:
    import keras

    network = stored["network"]
    grids, _ = drawings.drawings(len(network["check"]["logits"]), network["check"]["seed"])
    assert len(grids) >= 50
    model = stored_model(network)
    names = [layer["name"] for layer in network["layers"]]
    whole = keras.Model(model.input, [model.get_layer(name).output for name in names])
    layers = [np.asarray(x) for x in whole(((grids - network["mean"]) / network["deviation"])[..., None])]
    found = lessons.page.evaluate(
        """([data, grids]) => {
            const { load, run } = globalThis.lessons.network;
            const network = load(data);
            return grids.map((ink) => { const { stacks, logits } = run(network, ink); return { logits, stacks: stacks.slice(1) }; });
        }""",
        [network, grids.astype(float).tolist()],
    )
    by_page = np.array([one["logits"] for one in found])
    assert np.abs(by_page - layers[-1]).max() < 1e-4
    assert np.abs(by_page - np.array(network["check"]["logits"])).max() < 1e-4
    for i, name in enumerate(names[:-1]):
        maps = np.moveaxis(np.array([one["stacks"][i] for one in found]), 1, -1)
        assert np.abs(maps - layers[i]).max() < 1e-4, name


def test_browser_draws_the_grids_that_were_trained_on(lessons: Any, drawings: ModuleType) -> None:
    rng = np.random.default_rng(7)
    for i in range(60):
        strokes, look = drawings.strokes(drawings.CLASSES[i % 2], rng), drawings.any_look(rng)
        by_page = lessons.page.evaluate(
            "([strokes, look]) => globalThis.lessons.strokes.inkOf(strokes, look)",
            [[stroke.tolist() for stroke in strokes], look.__dict__],
        )
        assert np.abs(np.array(by_page) - drawings.grid(strokes, look)).max() < 1e-5


def test_a_place_on_the_paper_is_found_again(lessons: Any) -> None:
    looks = [
        {"across": a, "down": 2, "turn": t, "scale": s}
        for a, t, s in itertools.product((-9, 4), (-70, 0, 33), (0.1, 2))
    ]
    error = lessons.page.evaluate(
        """looks => Math.max(...looks.map((look) => {
            const { placed, unplaced } = globalThis.lessons.strokes;
            const [x, y] = placed(unplaced([3, 21], look), look);
            return Math.hypot(x - 3, y - 21);
        }))""",
        looks,
    )
    assert error < 1e-9


def test_most_drawings_of_the_page_itself_are_read_rightly(lessons: Any, stored: dict[str, Any]) -> None:
    right = lessons.page.evaluate(
        """data => {
            const { lessons: made } = globalThis;
            const [network, next] = [made.network.load(data), made.descent.random(11)];
            let right = 0;
            for (let i = 0; i < 200; i++) {
                const label = data.classes[i % 2];
                const { logits } = made.network.run(network, made.strokes.inkOf(made.strokes.drawnBy(label, next), data.neutral));
                right += Number(data.classes[logits[1] > logits[0] ? 1 : 0] === label);
            }
            return right;
        }""",
        stored["network"],
    )
    assert right >= 196


@pytest.mark.parametrize("method", OPTIMIZERS)
@pytest.mark.parametrize("curve", ["valleys", "bowl"])
def test_walks_are_those_of_the_keras_optimizers(lessons: Any, method: str, curve: str) -> None:
    import keras
    import tensorflow as tf

    errors = {"valleys": lambda w: 0.1 * w**4 - 0.8 * w**2 + 0.3 * w + 2.3, "bowl": lambda w: w**2}
    start, rate = 1.7, 0.03
    w = keras.Variable(start, dtype="float32")
    optimizer = OPTIMIZERS[method](keras, rate)
    walked = [start]
    for _ in range(60):
        with tf.GradientTape() as tape:
            error = errors[curve](w.value)
        optimizer.apply([tape.gradient(error, w.value)], [w])
        walked.append(float(w))
    found = lessons.page.evaluate(
        "([curve, method, start, rate]) => globalThis.lessons.descent.walk(curve, method, { start, rate, seed: 0 })",
        [curve, method, start, rate],
    )
    assert np.abs(np.array(found)[:, 0] - walked).max() < 1e-4


def test_what_the_page_says_about_each_way_to_walk(lessons: Any) -> None:
    """From the right-hand side, at the page's own settings: who arrives in the deep valley."""
    found = lessons.page.evaluate(
        """() => Object.fromEntries(["descent", "momentum", "adam", "restarts", "genetic"].map((method) => {
            const { best, walk } = globalThis.lessons.descent;
            return [method, Array.from({ length: 21 }, (_, seed) =>
                best("valleys", walk("valleys", method, { start: 3, rate: 0.05, seed }).at(-1)))];
        }))"""
    )
    deep = {method: sum(w < 0 for w in ends) for method, ends in found.items()}
    assert deep["descent"] == deep["adam"] == 0
    assert deep["momentum"] == 21
    assert deep["restarts"] >= 18
    assert 0 < deep["genetic"] < 21  # chance decides
    assert len({round(w, 6) for w in found["genetic"]}) > 1


def test_same_seed_same_walk(lessons: Any) -> None:
    program = """() => JSON.stringify(["restarts", "genetic"].map((method) =>
        globalThis.lessons.descent.walk("valleys", method, { start: 2, rate: 0.05, seed: 0 })))"""
    assert lessons.page.evaluate(program) == lessons.page.evaluate(program)


SHAPES = [
    {"depth": depth, "kernel": kernel, "stride": stride, "pool": pool, "width": 4, "size": size, "doubling": doubling}
    for depth, kernel, stride, pool, size, doubling in [
        (1, 3, 1, 2, 32, True), (3, 3, 1, 2, 32, True), (2, 5, 2, 1, 32, False), (2, 1, 1, 3, 40, True),
        (3, 7, 1, 3, 24, False), (5, 3, 2, 2, 128, True), (4, 5, 1, 1, 8, True), (5, 7, 2, 3, 8, False),
    ]
]  # fmt: skip


@pytest.mark.parametrize("settings", SHAPES, ids=lambda s: "-".join(str(int(v)) for v in s.values()))
def test_sizes_fields_and_parameters_are_those_of_the_zoo(lessons: Any, settings: dict[str, Any]) -> None:
    import keras

    import zoo
    from zoo.architecture import Native, Reference, Variant

    @dataclass(frozen=True)
    class Lesson(zoo.Architecture):
        title = "a network of the lessons"
        reference = Reference("", "", 2026, "")
        native = Native((32, 32, 1), 10)
        variants: ClassVar[Any] = {"lesson": Variant("")}
        search: ClassVar[Any] = {}

        def features(self, x: Any) -> Any:
            for stage in range(1, settings["depth"] + 1):
                filters = settings["width"] * (2 ** (stage - 1) if settings["doubling"] else 1)
                conv = keras.layers.Conv2D(
                    filters, settings["kernel"], strides=settings["stride"], padding="same", activation="relu"
                )
                pool = keras.layers.MaxPooling2D(settings["pool"], padding="same")
                x = keras.layers.Identity(name=f"stage{stage}")(pool(conv(x)))
            return x

    grid = zoo.Grid((settings["size"], settings["size"], 1))
    layers, fields = zoo.layers(Lesson("lesson"), grid, 10), zoo.receptive_fields(Lesson("lesson"), grid)
    *stages, votes = lessons.page.evaluate(
        "settings => globalThis.lessons.shapes.stagesOf({ channels: 1, ...settings })", settings
    )
    assert sum(row["parameters"] for row in [*stages, votes]) == zoo.Size.of(layers).parameters
    assert sum(row["macs"] for row in [*stages, votes]) == zoo.Size.of(layers).macs
    taps = {layer.name: layer.output for layer in layers}
    for row in stages:
        field = fields[f"stage{row['stage']}"]
        assert (row["cells"], row["cells"], row["filters"]) == taps[f"stage{row['stage']}"]
        assert (row["field"], row["jump"]) == (field.size[0], field.stride[0])


@pytest.mark.parametrize("window", [64, 256, 1024])
def test_spectrogram_is_numpys(lessons: Any, window: int) -> None:
    wave, found = lessons.page.evaluate(
        """window => {
            const { samples, spectrogram } = globalThis.lessons.sound;
            const wave = samples({ tune: "wobble", pitch: 700, octaves: 0.8 });
            return [Array.from(wave), spectrogram(wave, window)];
        }""",
        window,
    )
    frames = np.lib.stride_tricks.sliding_window_view(np.array(wave), window)[::128]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
    assert np.abs(np.array(found) - np.abs(np.fft.rfft(frames * hann, axis=1)).T).max() < 1e-8


def test_text_is_found_where_python_finds_it(lessons: Any) -> None:
    text, pattern = "the other mother", "ther"
    found = lessons.page.evaluate("([text, pattern]) => globalThis.lessons.text.find(text, pattern)", [text, pattern])
    wanted = [
        sum(a == b for a, b in zip(text[i:], pattern, strict=False)) / 4 for i in range(len(text) - len(pattern) + 1)
    ]
    assert found == pytest.approx(wanted)
    for text, pattern in [("", "a"), ("ab", ""), ("a", "abc")]:
        found = lessons.page.evaluate("([t, p]) => globalThis.lessons.text.find(t, p)", [text, pattern])
        assert found == []


def test_a_shuffle_keeps_every_column(lessons: Any) -> None:
    found = lessons.page.evaluate(
        """() => {
            const { order, reordered } = globalThis.lessons.shuffle;
            const places = order(28, globalThis.lessons.descent.random(1));
            return [places, reordered([places.map((_, i) => i)], places)[0]];
        }"""
    )
    assert found[0] == found[1] != list(range(28))
    assert sorted(found[0]) == list(range(28))
