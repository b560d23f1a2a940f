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
from typing import TYPE_CHECKING, cast

import numpy as np
from step_networks import NETWORKS, drawn, in_torch

if TYPE_CHECKING:
    from training.fitting.precision import Precision

BATCH = 128
ROUND = 2.0  # CPU seconds a round, at least

SIDES = ("torch float32", "gridzoo float32", "gridzoo mixed_bfloat16")


def data(name: str) -> tuple[np.ndarray, np.ndarray]:
    shape, classes, count = NETWORKS[name]
    rng = np.random.default_rng(0)
    return rng.standard_normal((count, *shape), dtype=np.float32), rng.integers(0, classes, count).astype(np.int32)


def gridzoo_epoch(name: str, precision: Precision) -> Callable[[], None]:
    """Make an epoch of our program."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})  # as in a worker
    import zoo
    from training.fitting.network import Network

    shape, classes, count = NETWORKS[name]
    network = Network(drawn(name), zoo.Grid(shape), classes, "adam", decays=True, precision=precision)
    x, y = data(name)
    weights, rates = np.ones(count, np.float32), np.full(-(-count // BATCH), 1e-3, np.float32)
    print(f"{name} {precision}: {network.parameters:,} parameters", file=sys.stderr)
    return lambda: network.epoch(x, y, weights, rates, BATCH, 1e-4, 0.0, network.dropout)


def torch_epoch(name: str) -> Callable[[], None]:
    """Write the same epoch by hand in PyTorch: channels last, Adam, decay of kernels."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(0)
    shape, _, count = NETWORKS[name]
    model = in_torch(name)
    x, y = data(name)
    grids = torch.from_numpy(np.ascontiguousarray(np.moveaxis(x, -1, 1)))
    if len(shape) == 3:
        grids, model = grids.to(memory_format=torch.channels_last), model.to(memory_format=torch.channels_last)
    truth = torch.from_numpy(y).long()
    kernels = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": kernels, "weight_decay": 1e-4}, {"params": others, "weight_decay": 0.0}], lr=1e-3
    )
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


def serve(side: str, name: str) -> None:
    """Run in a process of its own: an epoch or more for every line read, its speed for every line written."""
    library, precision = side.split()
    epoch = torch_epoch(name) if library == "torch" else gridzoo_epoch(name, cast("Precision", precision))
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
    environment = {
        **os.environ,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }
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
        line += [
            f"ratio {statistics.median(b / a for a, b in zip(figures[SIDES[0]], figures[side], strict=True)):.2f}"
            for side in SIDES[1:]
        ]
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
