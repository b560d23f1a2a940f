"""How fast sentences become grids: words a second, and characters beside Keras, in one run.

::

    OMP_NUM_THREADS=1 python benchmarks/text_grids.py path/to/data

Needs the sentence sets (``sentence-sets``) below the given folder, or below the one that
``GRIDZOO_DATA`` names. Each way turns the same 37,000 sentences into ids seven times
after a warm-up, and the fastest counts; times are CPU seconds of this process, which
other programs disturb less than the clock. Keras' layer is TensorFlow's graph code, called
once with all sentences, which is how it is fastest.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

from adapters.sources import registry
from adapters.text.characters import Characters
from adapters.text.strings import tokens
from adapters.text.words import Words

SETS = ("mr", "subj", "mpqa", "trec")
LENGTH = 200
ROUNDS = 7


def sentences() -> list[str]:
    """Read the sentences of all sets but the blank ones."""
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    return [text for name in SETS for text in registry.load(name, data_home=home).items if text.strip()]


def seconds(convert: Callable[[], object]) -> float:
    """Give the CPU seconds of the fastest of several rounds after one that does not count."""
    convert()
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        convert()
        spent.append(time.process_time() - start)
    return min(spent)


def by_keras(texts: list[str]) -> Callable[[], object]:
    """Make Keras' layer, with the same alphabet rule and length as the adapter."""
    layer = keras.layers.TextVectorization(standardize="lower", split="character", output_sequence_length=LENGTH)
    layer.adapt(texts)
    batch = tf.constant(texts)
    return lambda: layer(batch)


def main() -> None:
    """Print words a second, and sentences a second of both ways with their ratio."""
    texts = sentences()
    count = sum(len(tokens(text)) for text in texts)
    words = Words().fit(texts)
    characters = Characters(max_length=LENGTH, encoding="ids").fit(texts)
    spent = seconds(lambda: words.transform(texts))
    print(f"{len(texts):,} sentences, {count:,} words, {np.mean([len(text) for text in texts]):.0f} characters each")
    print(f"words       {count / spent:12,.0f} words/s      {len(texts) / spent:10,.0f} sentences/s")
    own, keras_ = seconds(lambda: characters.transform(texts)), seconds(by_keras(texts))
    print(f"characters  {len(texts) / own:12,.0f} sentences/s, {keras_ / own:.1f} × TextVectorization")
    print(f"TextVectorization {len(texts) / keras_:6,.0f} sentences/s")


if __name__ == "__main__":
    main()
