"""Networks that act: what they reach, beside what was published, and how fast they learn.

    python benchmarks/games.py study --lane 1/2 &   # both lanes at once: one core a training
    python benchmarks/games.py study --lane 2/2
    python benchmarks/games.py page                 # docs/games.md, from what is there
    python benchmarks/games.py settings             # PPO and DQN, on a seed that the study does not use
    python benchmarks/games.py speed

The study is 18 trainings, 2 games × 3 arms × 3 seeds, of some five minutes each on an idle core. It can
be stopped at any time, by ``--minutes`` or by a kill, and goes on from the last checkpoint. Needs ``gridzoo[games]``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.play.records import Training

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
GAMES = ("minatar/breakout", "minatar/space_invaders")
ARMS = ("original", "permuted", "mlp")
# Seeds 0 and 100 to 102 were looked at when the settings were chosen.
SEEDS = (1, 2, 3)
DEVELOPMENT = 100  # the seed that settings are looked at with
ARCHITECTURE = "dqn-minatar"
FRAMES = 3_000_000
SECONDS = 120.0  # of the processor, for each algorithm in `settings`
TIMED = 15.0  # seconds a side in `speed`
OUT, RATES, CHOICE = Path("runs/games"), "speed.json", "settings.json"


class EnoughError(Exception):
    """The minutes of a sitting are over."""


def parts() -> list[tuple[str, str, int]]:
    """Give game, arm and seed of every training, all of the first seed first."""
    return [(game, arm, seed) for seed in SEEDS for game in GAMES for arm in ARMS]


def prepared(game: str, arm: str, seed: int) -> Training:
    from training.play.train import prepare

    return prepare(game, ARCHITECTURE, None, arm, FRAMES, seed)


def study(args: argparse.Namespace) -> None:
    """Do the trainings of one lane, as far as the minutes reach."""
    from training.play.train import train
    from training.running.worker import settle

    settle("cnn")
    lane, lanes = (int(number) for number in args.lane.split("/"))
    end = time.monotonic() + args.minutes * 60

    def watch(frame: int, episodes: list[tuple[int, float, int]]) -> None:
        if time.monotonic() > end:
            raise EnoughError

    for game, arm, seed in parts()[lane - 1 :: lanes]:
        print(f"{game} {arm} {seed}: begins", flush=True)
        try:
            record = train(prepared(game, arm, seed), args.out, watch)
        except EnoughError:
            print("the minutes are over; the same command goes on from the last checkpoint")
            return
        print(f"{game} {arm} {seed}: {record.mean:.1f} in {record.seconds / 60:.1f} minutes", flush=True)


def settings(args: argparse.Namespace) -> None:
    """Give PPO and DQN the same processor seconds, and say what each has reached."""
    from training.play.learner import begin
    from training.play.train import prepare
    from training.running.worker import settle

    settle("cnn")
    found = []
    for game in GAMES:
        for name, frames in (("ppo", FRAMES), ("dqn", FRAMES // 4)):
            _, learner, arena = begin(prepare(game, ARCHITECTURE, {"name": name}, "original", frames, DEVELOPMENT))
            begun, frame = time.process_time(), 0
            while time.process_time() - begun < args.seconds:
                frame += learner.cycle(arena, frame)
            last = [result for _, result, _ in arena.episodes[-300:]]
            mean = sum(last) / len(last)
            found.append({"game": game, "algorithm": name, "frames": frame, "mean": mean, "seconds": args.seconds})
            print(json.dumps(found[-1]), flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / CHOICE).write_text(json.dumps(found), encoding="utf-8")


def speed(args: argparse.Namespace) -> None:
    """Time each side alone in a process of its own, then two of them at once; keep the rates for the page."""
    import plain_play

    found = []
    for name in plain_play.SIDES:
        for cores in args.cores:
            command = [sys.executable, __file__, "side", name, "--timed", str(args.timed)]
            running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(cores)]
            rates = [json.loads(one.communicate()[0]) for one in running]
            clock, cpu = (sum(rate[key] for rate in rates) for key in ("clock", "cpu"))
            print(f"{name}, {cores} at once: {clock:,.0f} frames a second, {cpu:,.0f} by processor time", flush=True)
            found.append({"side": name, "at once": cores, "clock": clock, "cpu": cpu})
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / RATES).write_text(json.dumps(found), encoding="utf-8")
    print(plain_play.NOTE)


def side(args: argparse.Namespace) -> None:
    """Time one side in this process; print frames a second by the clock and by the processor."""
    import plain_play

    from training.running.worker import settle

    settle("cnn")
    make, first = plain_play.SIDES[args.side]
    cycle, frame = make(GAMES[0]), 0
    while frame < first:  # traces, and fills the replay
        frame += cycle(frame)
    clock, cpu, done = time.monotonic(), time.process_time(), 0
    while time.process_time() - cpu < args.timed:
        done += cycle(frame + done)
    print(json.dumps({"clock": done / (time.monotonic() - clock), "cpu": done / (time.process_time() - cpu)}))


def page(args: argparse.Namespace) -> None:
    """Write the page on what is there."""
    import games_page

    from training.play.train import load_record

    found = {}
    for part in parts():
        record = load_record(args.out / prepared(*part).key)
        if record is not None:
            found[part] = record
    if not found:
        sys.exit(f"{args.out}: no training is done; run the study first")
    rates, chosen = ([] if not path.exists() else json.loads(path.read_text(encoding="utf-8"))
                     for path in (args.out / RATES, args.out / CHOICE))  # fmt: skip
    games_page.write(found, len(parts()), rates, chosen, args.docs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["study", "page", "settings", "speed", "side"])
    parser.add_argument("side", nargs="?")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--docs", type=Path, default=Path("docs"))
    parser.add_argument("--lane", default="1/1", help="which of how many processes this one is")
    parser.add_argument("--minutes", type=float, default=24 * 60.0, help="of this sitting")
    parser.add_argument("--seconds", dest="seconds", type=float, default=SECONDS)
    parser.add_argument("--cores", type=int, nargs="+", default=[1, 2], help="processes at once, in `speed`")
    parser.add_argument("--timed", type=float, default=TIMED)
    args = parser.parse_args()
    {"study": study, "page": page, "settings": settings, "speed": speed, "side": side}[args.what](args)


if __name__ == "__main__":
    main()
