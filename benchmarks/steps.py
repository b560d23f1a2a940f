"""Training steps a core: the whole-epoch program beside hand-written PyTorch, on five networks.

Both sides train the same network on the same grids with Adam, batch 128, on one thread,
in turns; each figure is samples a CPU second of its own process, median over rounds.

    python benchmarks/steps.py
    python benchmarks/steps.py --torch /path/to/site-packages --rounds 7

``--torch`` names a folder that holds PyTorch, where the environment has none
(``pip install --target FOLDER torch``). Two or three minutes on an idle core.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

BATCH = 128
ROUND = 2.0  # CPU seconds a round, at least

# Name: shape of one grid, classes, grids an epoch. In every network both sides draw the same layers.
NETWORKS: dict[str, tuple[tuple[int, ...], int, int]] = {
    "lenet": ((28, 28, 1), 10, 4096),
    "resnet20": ((32, 32, 3), 10, 256),
    "spectrogram": ((64, 64, 1), 10, 256),
    "textcnn": ((60, 300), 2, 512),
    "characters": ((256, 64), 4, 512),
}
SIDES = ("torch float32", "gridzoo float32", "gridzoo mixed_bfloat16")


def data(name: str) -> tuple[np.ndarray, np.ndarray]:
    shape, classes, count = NETWORKS[name]
    rng = np.random.default_rng(0)
    return rng.standard_normal((count, *shape), dtype=np.float32), rng.integers(0, classes, count).astype(np.int32)


def gridzoo_epoch(name: str, precision: str) -> Callable[[], None]:
    """An epoch of our program; the network is given as an architecture of its own kind."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})  # as in a worker
    import zoo
    from training.fitting.network import Network

    shape, classes, count = NETWORKS[name]
    network = Network(drawn(name), zoo.Grid(shape), classes, "adam", decays=True, precision=precision)  # type: ignore[arg-type]
    x, y = data(name)
    weights, rates = np.ones(count, np.float32), np.full(-(-count // BATCH), 1e-3, np.float32)
    print(f"{name} {precision}: {network.parameters:,} parameters", file=sys.stderr)
    return lambda: network.epoch(x, y, weights, rates, BATCH, 1e-4, 0.0)


def drawn(name: str) -> Any:
    """The networks of the table, as architectures."""
    from dataclasses import dataclass

    from keras import layers

    from zoo.architecture import Architecture

    def lenet(x: Any) -> Any:
        for filters in (32, 64):
            x = layers.MaxPooling2D()(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
        return layers.Dense(128, activation="relu")(layers.Flatten()(x))

    def spectrogram(x: Any) -> Any:
        for filters in (32, 64, 128):
            for _ in range(2):
                x = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)))
            x = layers.MaxPooling2D()(x)
        return layers.GlobalAveragePooling2D()(x)

    def textcnn(x: Any) -> Any:
        found = [layers.GlobalMaxPooling1D()(layers.Conv1D(100, k, activation="relu")(x)) for k in (3, 4, 5)]
        return layers.Dropout(0.5)(layers.Concatenate()(found))

    def characters(x: Any) -> Any:
        for filters, kernel, pool in ((256, 7, 3), (256, 7, 3), (256, 3, 1), (256, 3, 3)):
            x = layers.Conv1D(filters, kernel, padding="same", activation="relu")(x)
            x = layers.MaxPooling1D(pool)(x) if pool > 1 else x
        return layers.GlobalMaxPooling1D()(x)

    def resnet20(x: Any) -> Any:
        def unit(x: Any, filters: int, stride: int, act: bool = True) -> Any:
            x = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
            x = layers.BatchNormalization()(x)
            return layers.ReLU()(x) if act else x

        x = unit(x, 16, 1)
        for filters in (16, 32, 64):
            for block in range(3):
                stride = 2 if filters > 16 and block == 0 else 1
                skip = layers.AveragePooling2D(1, strides=2)(x) if stride == 2 else x
                if stride == 2:
                    skip = layers.Conv2D(filters, 1, use_bias=False)(skip)
                x = layers.ReLU()(layers.Add()([unit(unit(x, filters, stride), filters, 1, act=False), skip]))
        return layers.GlobalAveragePooling2D()(x)

    drawing = {
        "lenet": lenet, "resnet20": resnet20, "spectrogram": spectrogram, "textcnn": textcnn, "characters": characters,
    }[name]  # fmt: skip

    @dataclass(frozen=True)
    class Drawn(Architecture):
        def features(self, x: Any) -> Any:
            return drawing(x)

        def head(self, x: Any, outputs: int) -> Any:
            return layers.Dense(outputs, dtype="float32", name="logits")(x)

    return Drawn(name)


def torch_epoch(name: str) -> Callable[[], None]:
    """The same epoch by hand in PyTorch: channels last, Adam, decay of kernels."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(0)
    shape, classes, count = NETWORKS[name]
    model = torch_model(name, shape, classes)
    x, y = data(name)
    grids = torch.from_numpy(np.ascontiguousarray(np.moveaxis(x, -1, 1)))
    if len(shape) == 3:
        grids, model = grids.to(memory_format=torch.channels_last), model.to(memory_format=torch.channels_last)
    truth = torch.from_numpy(y).long()
    kernels = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW([{"params": kernels, "weight_decay": 1e-4}, {"params": others, "weight_decay": 0.0}], lr=1e-3)
    print(f"{name} torch: {sum(p.numel() for p in model.parameters()):,} parameters", file=sys.stderr)
    model.train()

    def epoch() -> None:
        total = hits = 0.0
        for start in range(0, count, BATCH):
            batch, wanted = grids[start : start + BATCH], truth[start : start + BATCH]
            optimizer.zero_grad(set_to_none=True)
            logits = model(batch)
            loss = nn.functional.cross_entropy(logits, wanted)
            loss.backward()
            optimizer.step()
            total += float(loss.detach())
            hits += float((logits.detach().argmax(1) == wanted).sum())

    return epoch


def torch_model(name: str, shape: tuple[int, ...], classes: int) -> Any:
    import torch
    from torch import nn

    channels = shape[-1]

    def conv(a: int, b: int, k: int = 3, stride: int = 1) -> list[nn.Module]:
        return [nn.Conv2d(a, b, k, stride, k // 2, bias=False), nn.BatchNorm2d(b), nn.ReLU(inplace=True)]

    class Best(nn.Module):  # maximum over time
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x.amax(-1)

    class Block(nn.Module):
        def __init__(self, a: int, b: int, stride: int) -> None:
            super().__init__()
            self.body = nn.Sequential(*conv(a, b, 3, stride), *conv(b, b)[:2])
            self.skip = nn.Conv2d(a, b, 1, stride, bias=False) if stride > 1 else nn.Identity()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.relu(self.body(x) + self.skip(x))

    class TextCNN(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.convs = nn.ModuleList(nn.Conv1d(channels, 100, k) for k in (3, 4, 5))
            self.head = nn.Sequential(nn.Dropout(0.5), nn.Linear(300, classes))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.head(torch.cat([torch.relu(c(x)).amax(-1) for c in self.convs], 1))

    if name == "lenet":
        layers: list[nn.Module] = []
        for a, b in ((channels, 32), (32, 64)):
            layers += [nn.Conv2d(a, b, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2)]
        return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 7 * 7, 128), nn.ReLU(), nn.Linear(128, classes))
    if name == "resnet20":
        layers, a = conv(channels, 16), 16
        for b in (16, 32, 64):
            for block in range(3):
                layers.append(Block(a, b, 2 if b > 16 and block == 0 else 1))
                a = b
        return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, classes))
    if name == "spectrogram":
        layers, a = [], channels
        for b in (32, 64, 128):
            layers += [*conv(a, b), *conv(b, b), nn.MaxPool2d(2)]
            a = b
        return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, classes))
    if name == "textcnn":
        return TextCNN()
    layers, a = [], channels
    for kernel, pool in ((7, 3), (7, 3), (3, 1), (3, 3)):
        layers += [nn.Conv1d(a, 256, kernel, padding=kernel // 2), nn.ReLU(inplace=True)]
        layers += [nn.MaxPool1d(pool)] if pool > 1 else []
        a = 256
    return nn.Sequential(*layers, Best(), nn.Linear(256, classes))


def serve(side: str, name: str) -> None:
    """Run in a process of its own: an epoch or more for every line read, its speed for every line written."""
    library, precision = side.split()
    epoch = torch_epoch(name) if library == "torch" else gridzoo_epoch(name, precision)
    epoch()
    epoch()
    print("ready", flush=True)
    for _ in sys.stdin:
        samples, start = 0, time.process_time()
        while (spent := time.process_time() - start) < ROUND:
            epoch()
            samples += NETWORKS[name][2]
        print(json.dumps(samples / spent), flush=True)


def started(side: str, name: str, torch: str) -> subprocess.Popen[str] | None:
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")}
    root = str(Path(__file__).parents[1])
    environment["PYTHONPATH"] = os.pathsep.join([root, *([torch] if torch and side.startswith("torch") else [])])
    command = [sys.executable, __file__, "--serve", side, "--network", name]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    if process.stdout.readline().strip() == "ready":
        return process
    process.wait()
    return None


def measured(process: subprocess.Popen[str]) -> float:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def compare(name: str, rounds: int, torch: str) -> None:
    processes = {side: process for side in SIDES if (process := started(side, name, torch))}
    figures: dict[str, list[float]] = {side: [] for side in processes}
    for _ in range(rounds):
        for side, process in processes.items():
            figures[side].append(measured(process))
    for process in processes.values():
        assert process.stdin is not None
        process.stdin.close()
        process.wait()
    middle = {side: statistics.median(values) for side, values in figures.items()}
    line = [f"{side} {middle[side]:9,.0f}" if side in middle else f"{side} missing" for side in SIDES]
    if SIDES[0] in middle:
        line += [f"ratio {statistics.median(b / a for a, b in zip(figures[SIDES[0]], figures[side], strict=True)):.2f}" for side in SIDES[1:]]
    print(f"{name:12s} {'   '.join(line)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torch", default="", help="folder that holds PyTorch")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--network", choices=NETWORKS, help="only this one")
    parser.add_argument("--serve", choices=SIDES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve, arguments.network)
        return
    for name in [arguments.network] if arguments.network else NETWORKS:
        compare(name, arguments.rounds, arguments.torch)


if __name__ == "__main__":
    main()
