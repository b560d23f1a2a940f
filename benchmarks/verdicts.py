"""Are the verdicts right? Calibration on planted structure, and verdicts on real data.

    python benchmarks/verdicts.py planted [dial …] [--trials 40] [--workers 1]   # real trainings
    GRIDZOO_DATA=<folder> python benchmarks/verdicts.py data [name …] [--budget 600]   # about 5 hours of two cores
    python benchmarks/verdicts.py again                     # judges the runs that are there again, and trains nothing
    python benchmarks/verdicts.py page                      # writes docs/verdicts.md from what is there

Each verdict is a line of ``verdicts_planted.jsonl`` or ``verdicts_data.jsonl`` and not reached
twice, so that any part may be stopped and started again, on another day too; its runs lie in
``runs/verdicts``. A budget of 600 seconds is that of two workers; one worker has twice as many, so that two
dials may run side by side, a core each. On planted data the arms that locate structure are left
out: they come after the answer and change nothing in it. Expected: at most 5 of 100 "CNN justified"
where nothing is planted, at most 10 disagreements on real data, each listed with what was expected.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from adapters.dataset import Dataset
from adapters.sources.planted import planted
from gridzoo import api, judging
from training.answers import ANSWERS, CLASSICAL, JUSTIFIED
from training.comparison import Comparison
from training.describing.shares import wilson
from training.verdict.across import critical_difference, friedman, nemenyi, signed_rank, wilcoxon
from training.verdict.arms import JUDGED
from training.verdict.rules import ALPHA

USUAL_WORKERS = 2  # a budget is one of their seconds
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
HOME = Path(os.environ.get("GRIDZOO_DATA") or ROOT.parent / "shared" / "data")
RUNS, PAGE = ROOT / "runs" / "verdicts", ROOT / "docs" / "verdicts.md"
# What is kept of a verdict: on real data its words and the cost of every arm as well.
NUMBERS = ("answer", "against_permuted", "against_baseline", "negative", "among_orders")
WORDS = (*NUMBERS, "model", "baseline", "sentence", "finding", "outlook", "costs")
PARTS = {"planted": NUMBERS, "data": WORDS}
ANSWERING = [arm for arm in JUDGED if arm not in ("axes", "blocks")]


def _stands_out(kept: dict[str, Any]) -> bool:
    """Tell whether the given order suits the network better than random ones."""
    found = kept.get("among_orders")  # none of lines whose runs are no more
    return found is not None and bool(found["p_value"] <= ALPHA)


# --- Planted structure, trained -------------------------------------------------------------


@dataclass(frozen=True)
class Dial:
    """A setting of the generator, and what is expected of it."""

    kind: str
    strength: float
    items: int

    @property
    def name(self) -> str:
        """Name of its folder."""
        return f"{self.kind}-{self.strength:g}-{self.items}"


DIALS = (
    Dial("none", 0.0, 400),
    Dial("none", 1.0, 400),
    Dial("none", 2.0, 400),
    *(Dial(kind, strength, 1000) for kind in ("local", "global") for strength in (0.125, 0.25, 0.5, 1.0, 2.0)),
    *(Dial(kind, 0.5, items) for kind in ("local", "global") for items in (150, 400)),
)


def train_planted(trials: int, wanted: Sequence[str], budget: float, workers: int) -> None:
    """Reach the verdict on many data sets of each dial; seeds differ in data, folds, orders and weights."""
    for trial in range(trials):
        for dial in DIALS:
            if wanted and dial.name not in wanted:
                continue
            name = f"{dial.name}/{trial:03}"
            made = replace(planted(dial.kind, dial.items, dial.strength, seed=trial), name=dial.name)
            _once("planted", name, partial(_given, made), {"seed": trial, "arms": ANSWERING}, budget, workers)


# --- Real data ------------------------------------------------------------------------------

ARMS = ("original", "permuted", "mlp", "baseline")
STRUCTURED = (JUSTIFIED, CLASSICAL)
NOT_JUSTIFIED = tuple(answer for answer in ANSWERS if answer != JUSTIFIED)


@dataclass(frozen=True)
class Case:
    """A data set, the answers that are expected, and why.

    Parameters
    ----------
    source : str
    expected : tuple of str
        Answers that agree.
    why : str
    settings : dict, optional
    effect : bool
        Whether the given order must stand out among random ones, whatever the answer.
    """

    source: str
    expected: tuple[str, ...]
    why: str
    settings: dict[str, Any] | None = None
    effect: bool = False

    def agrees(self, kept: dict[str, Any]) -> bool:
        """Tell whether a verdict is as expected."""
        return kept["answer"] in self.expected and (not self.effect or _stands_out(kept))


UNORDERED = "columns in no meaningful order"
PUBLISHED = "the published CNN beats the classical floor"
EFFECT = "ordered columns: the order has an effect"
FLOOR = "a classical model is published level with the CNN, or better"
CASES = (
    *(
        Case(name, NOT_JUSTIFIED, UNORDERED)
        for name in (
            "german", "phoneme", "vehicle", "wine", "breast-cancer", "pima", "adult", "banknote", "mammography",
            "segment", "wheat", "letter",
        )
    ),
    Case("ionosphere", ANSWERS, "17 pulses in order, real and imaginary parts: open"),
    Case("sonar", ANSWERS, EFFECT, effect=True),
    Case("pendigits", ANSWERS, EFFECT, effect=True),
    Case("digits", STRUCTURED, "pictures; the support vector machine is as good"),
    Case("mnist-5k", (JUSTIFIED,), PUBLISHED),
    Case("fashion-mnist", (JUSTIFIED,), PUBLISHED),
    Case("sign-language-digits", (JUSTIFIED,), PUBLISHED, {"adapters": [{"name": "image", "height": 32, "width": 32}]}),
    Case("fsdd", (JUSTIFIED,), f"{PUBLISHED}; a new speaker"),
    Case("tones", (JUSTIFIED,), "synthetic sounds that only their course in time tells apart"),
    Case("gunpoint", STRUCTURED, f"{PUBLISHED}; random kernels reach 100 %, too"),
    Case("ucr/ItalyPowerDemand", STRUCTURED, FLOOR),
    Case("ucr/ArrowHead", STRUCTURED, f"{PUBLISHED}; random kernels come near"),
    Case("ucr/BasicMotions", STRUCTURED, "random kernels reach 100 %, too"),
    Case("ucr/JapaneseVowels", STRUCTURED, "random kernels are as good"),
    Case("ucr/ECG200", STRUCTURED, FLOOR),
    Case("ucr/TwoLeadECG", STRUCTURED, "random kernels reach 100 %, too"),
    Case("ucr/Coffee", ANSWERS, "56 items: nothing can be shown"),
    Case("trec", NOT_JUSTIFIED, FLOOR),
    Case("mr", NOT_JUSTIFIED, FLOOR),
    Case("subj", NOT_JUSTIFIED, FLOOR),
    Case("mpqa", NOT_JUSTIFIED, FLOOR),
    Case("sms-spam", NOT_JUSTIFIED, FLOOR),
    Case("dna-splice", STRUCTURED, "positions around a junction; boosted trees are as good"),
    Case("surname-nationalities", STRUCTURED, "letters and their neighbours; n-grams are as good"),
)  # fmt: skip

# Accuracy on 30 resamples of the archive's splits: the best single CNN family and random kernels, by Middlehurst, Schäfer and
# Bagnall (2024, Data Mining and Knowledge Discovery 38:1958-2031).
RESAMPLED = (
    ("gunpoint", "InceptionTime", 99.5, "ROCKET", 99.3),
    ("ucr/ItalyPowerDemand", "InceptionTime", 96.0, "ROCKET", 96.1),
    ("ucr/ArrowHead", "H-InceptionTime", 89.2, "MiniROCKET", 88.3),
    ("ucr/ECG200", "H-InceptionTime", 90.3, "ROCKET", 90.3),
    ("ucr/TwoLeadECG", "ResNet", 99.9, "ROCKET", 99.9),
    ("ucr/Coffee", "InceptionTime", 99.9, "ROCKET", 100.0),
)
# Why an answer was other than expected, as far as the runs tell.
OTHERWISE: dict[str, str] = {
    "sonar": (
        "208 items, in folds of 42. `res8`, whose filters see neighbours, leads by 4.7 points in the given order, which is not enough to "
        "stand out; trained without a search it leads by 8.7, and none of 20 random orders does as well: see below. An MLP and "
        "a support vector machine are ahead of both networks."
    ),
    "gunpoint": (
        "With 200 items one item is half a point. In the given order 99.2 %, shuffled 97.2: on these items that stands out for one network, "
        "but not adjusted for two. Random kernels leave nothing to beat."
    ),
    "ucr/ItalyPowerDemand": "Summer and winter differ in what is used at given hours. An MLP, which knows no neighbours, is as "
    "good as the CNN; 24 points in time leave little to find between them.",
    "ucr/BasicMotions": (
        "80 items of four motions: shuffled in time as well the network reaches 99.9 %, and the classical pack 100. Nothing is left "
        "to win."
    ),
    "ucr/TwoLeadECG": "The archive's split has 23 training items, a fold here 930: with those every arm is near 100 %, shuffled or "
    "not, and random kernels at it.",
    "ucr/JapaneseVowels": "Nine speakers, told apart by the mean of their cepstra: with the frames in any order the network is right about "
    "97.7 %, in their order about 97.9, and random kernels leave nothing to beat.",
    "ucr/ArrowHead": (
        "211 outlines: folds of 42 items say little. The order has an effect, of about three points; random kernels are four points "
        "ahead."
    ),
    "ucr/ECG200": (
        "200 heartbeats. An MLP is as good as the network, random kernels are five points ahead of it; a fold has 40 items, of which "
        "three are seven points."
    ),
    "digits": "The network is wrong on 8 of 1,000 pictures, on shuffled cells on 20: what the order is worth lies at the margin, "
    "which eight by eight cells leave little room beyond. On these items it stands out.",
    "fsdd": "Six speakers, each left out once. The network is ahead of the classical model on all six, by 7 to 41 points, and in the given order "
    "ahead of shuffled cells on all, by 2 to 29: so unlike that six say little of the next speaker. On these it stands out. Ten minutes "
    "give each training 13 to 15 epochs of 40.",
}  # fmt: skip


def judge_data(wanted: Sequence[str], budget: float, workers: int) -> None:
    """Reach the verdict on real data sets."""
    for case in CASES:
        if not wanted or case.source in wanted:
            load = partial(api.load, case.source, data_home=HOME)
            _once("data", case.source, load, case.settings or {}, budget, workers)


def _given(made: Dataset) -> Dataset:
    return made


def _once(
    part: str, name: str, load: Callable[[], Dataset], settings: dict[str, Any], budget: float, workers: int
) -> None:
    """Reach a verdict unless it is there, and keep what the page needs of it."""
    if name in _kept(part):
        return
    started = time.monotonic()
    verdict, comparison = judging.verdict_with_runs(
        load(),
        out=RUNS / part / name,
        settings={**settings, "budget": budget * USUAL_WORKERS / workers},
        data_home=HOME,
        workers=workers,
        executor=None,
        watch=None,
        command="",
    )
    found, card = verdict.to_json(), comparison.chapters[0].card
    axes = [axis["name"] for axis in card.examples[0].spec["axes"] if len(axis["edges"]) > 2]
    _keep(
        part,
        name,
        {
            **{key: found[key] for key in PARTS[part]},
            "axes": axes,
            "structure": card.screen["structure"],
            "seconds": round(time.monotonic() - started, 1),
            "runs": sum(len(chapter.records) for chapter in comparison.chapters),
            "workers": workers,
            "budget": budget,
        },
    )
    print(f"{name}: {verdict.answer} ({time.monotonic() - started:.0f} s); {verdict.finding}", flush=True)


def _keep(part: str, name: str, data: dict[str, Any]) -> None:
    with (HERE / f"verdicts_{part}.jsonl").open("a", encoding="utf-8") as table:
        table.write(json.dumps({"name": name, **data}) + "\n")


def _kept(part: str) -> dict[str, dict[str, Any]]:
    """Read what was reached so far, by name."""
    table = HERE / f"verdicts_{part}.jsonl"
    lines = table.read_text(encoding="utf-8").splitlines() if table.is_file() else []
    return {found["name"]: found for found in map(json.loads, lines)}


def judge_again(part: str) -> None:
    """Say of the runs that lie on this machine what the rules and words of now make of them."""
    kept = _kept(part)
    for name, line in kept.items():
        if (RUNS / part / name / "records").is_dir():
            found = Comparison.read(RUNS / part / name).verdicts()[0].to_json()
            line.update({key: found[key] for key in PARTS[part]})
    text = "".join(json.dumps(line) + "\n" for line in kept.values())
    (HERE / f"verdicts_{part}.jsonl").write_text(text, encoding="utf-8")


# --- The page -------------------------------------------------------------------------------


def page() -> None:
    """Write what was measured so far."""
    parts = [
        "# Are the verdicts right?",
        "`benchmarks/verdicts.py` and `benchmarks/verdict_scores.py` say how this page is made.",
        *_scores_part(),
    ]
    parts += [*_planted_part(), *_data_part(), *_ordered_part()]
    PAGE.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(PAGE)


def _scores_part() -> list[str]:
    table = HERE / "verdict_scores.json"
    if not table.is_file():
        return []
    kept = json.loads(table.read_text(encoding="utf-8"))
    head = (
        "what the order is worth", "shown at look 1", "shown in 4 looks", "called none", "folds alone", "interval", "looks",
    )  # fmt: skip
    return [
        "## Simulated scores",
        f"{kept['trials']} simulations each: 5 folds and 5 orders a look, scores with a deviation of one point. “Shown”: the "
        "order is worth something. “Folds alone”: the corrected t-test that knows nothing of orders, one look. "
        "“Interval”: how often that of the first look holds the truth. “Looks”: how many were taken in the mean, since a claim "
        "that is settled is not looked at again.",
        _table(head, kept["rows"]),
    ]


def _planted_part() -> list[str]:
    rows, found = [], _kept("planted")
    for dial in DIALS:
        kept = [one for name, one in found.items() if name.startswith(f"{dial.name}/")]
        if kept:
            counts = [sum(one["answer"] == answer for one in kept) for answer in ANSWERS]
            rows.append([dial.kind, f"{dial.strength:g}", dial.items, len(kept), *counts, *_order(dial, kept)])
    if not rows:
        return []
    nothing = [one for name, one in found.items() if name.startswith("none")]
    false = sum(one["answer"] == JUSTIFIED for one in nothing)
    low, high = wilson(false, len(nothing)) if nothing else (0.0, 1.0)
    head = (
        "planted", "strength", "items", "trials", *ANSWERS, "what the order is worth", "intervals that hold it",
        "intervals above zero", "stands out", "the screen sees structure",
    )  # fmt: skip
    return [
        "## Planted structure, trained",
        f"Where nothing is planted, {false} of {len(nothing)} verdicts say “{JUSTIFIED}”: {100 * false / max(1, len(nothing)):.1f} %, "
        f"95 % interval {100 * low:.1f} to {100 * high:.1f} (Wilson). What the order is worth, in points: nothing where nothing is "
        "planted, elsewhere the mean over the trials. Intervals are those printed, of 95 %. They are wide where little is known of "
        "orders – five have four degrees of freedom – and since folds are taken to be as correlated as Nadeau and Bengio fear. "
        "“Undecided” with an interval above zero: against the classical model it is open. “Stands out”: the given order suits the "
        f"network better than random ones on these items (p ≤ {ALPHA}), whatever that is worth on others. Where global waves are strong, every "
        "model is right about every picture, shuffled or not: the order is there and worth nothing.",
        _table(head, rows),
    ]


def _order(dial: Dial, kept: Sequence[dict[str, Any]]) -> list[str]:
    """Say what the order is worth, how many intervals hold that or lie above zero, and how often it stands out or the screen sees it."""
    found = [one["against_permuted"] for one in kept]
    worth = 0.0 if dial.kind == "none" else float(np.mean([one["mean"] for one in found]))
    covered = sum(one["low"] <= worth <= one["high"] for one in found)
    above, seen = sum(one["low"] > 0 for one in found), sum(one["structure"] for one in kept)
    standing = sum(map(_stands_out, kept))
    return [f"{100 * worth:.1f}", f"{covered} of {len(found)}", str(above), str(standing), str(seen)]


def _data_part() -> list[str]:
    known = _kept("data")
    found = [(case, known[case.source]) for case in CASES if case.source in known]
    if not found:
        return []
    rows = [_row(case, kept) for case, kept in found]
    agree = sum(case.agrees(kept) for case, kept in found)
    decided = [kept for _, kept in found if (kept["against_permuted"] or {}).get("better") is not None]
    settled = [kept for kept in decided if not 0.05 < kept["against_permuted"]["better"] < 0.95]
    right = sum(kept["structure"] == (kept["against_permuted"]["better"] >= 0.95) for kept in settled)
    head = (
        "data", "network", "CNN", "shuffled", "MLP", "classical", "answer", "as expected", "p of the order", "order, axes and reach",
        "screen", "min",
    )  # fmt: skip
    return [
        "## Real data",
        f"{agree} of {len(found)} answers are as expected. The screen agrees with {right} of the {len(settled)} data sets "
        "on which training settled whether the order of cells helps.",
        "Networks are those that were usual when a data set was judged; `docs/decisions/0015-default-networks.md` says which are now, and "
        "why. Lines with `res8` are of pictures and sounds that were judged again with it, those with `tc-resnet8` or a p-value of 20 orders of rows "
        "that were judged again by two networks, of which the one that is better on validation items is named; `fcn`, `res8-narrow` and dna-splice are older. "
        "mr, subj, mpqa, sms-spam and surname-nationalities were judged anew after verdicts on such texts had led to word "
        "vectors of 50 numbers and to the guard on the choice of an epoch: three of the five had been undecided, since a training had "
        "time for one or two epochs or was kept at its first.",
        "“p of the order”: how often a random order would suit a network as well as the given one, on these items, adjusted for the "
        "number of networks. This was asked of runs whose answers had been seen, pendigits' and sonar's among them, and not of others first.",
        _table(head, rows),
        "Of the series no published CNN leads random kernels by a point, by the mean of 30 resamples (Middlehurst, Schäfer and Bagnall "
        "2024): "
        + "; ".join(f"{name}: {cnn} {a}, {floor} {b}" for name, cnn, a, floor, b in RESAMPLED)
        + ". “CNN justified” could "
        "be expected of none; what is expected here is that their order shows.",
        *_across(found),
        *_disagreements(found),
    ]


def _row(case: Case, kept: dict[str, Any]) -> list[str]:
    reached = {cost["arm"]: f"{100 * cost['accuracy']:.1f}" for cost in kept["costs"]}
    arms = [reached.get(arm, "–") for arm in ARMS]
    screen = "structure" if kept["structure"] else "none"
    agrees = "yes" if case.agrees(kept) else "**no**"
    found = [kept["finding"] or kept["outlook"]]
    if len(kept.get("axes", ())) == 1 and kept["answer"] in STRUCTURED:
        found.insert(0, f"The order along {kept['axes'][0]}, the only axis, matters.")
    return [
        case.source,
        kept["model"].removesuffix(" (tuned)"),
        *arms,
        kept["answer"],
        agrees,
        f"{kept['among_orders']['p_value']:.2g}" if kept.get("among_orders") else "–",
        " ".join(found).strip() or "–",
        screen,
        f"{kept['seconds'] / 60:.1f}",
    ]


def _ordered_part() -> list[str]:
    """Show what `ordered_columns.py` found, each p-value adjusted for the networks of its table by Bonferroni."""
    table = HERE / "ordered_columns.csv"
    if not table.is_file():
        return []
    lines = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    asked = Counter(line["data"] for line in lines)
    adjusted = [min(1.0, asked[line["data"]] * float(line["p"])) for line in lines]
    shown = [f"`{one['network']}` on {one['data']}" for one, p in zip(lines, adjusted, strict=True) if p <= ALPHA]
    head = ("data", "network", "given order", "random ones", "what it is worth", "as good", "p", "adjusted")
    rows = [
        [
            one["data"], one["network"], one["given"], one["random"],
            f"{float(one['difference']):+.1f} ({one['low']} to {one['high']})", f"{one['as good']} of {one['orders']}", one["p"], f"{p:.2g}",
        ]
        for one, p in zip(lines, adjusted, strict=True)
    ]  # fmt: skip
    return [
        "## Columns in a meaningful order",
        "`benchmarks/ordered_columns.py`: the same networks on the same folds, in the given order and in twenty random ones, by the "
        "default recipe without a search; of pendigits 1,000 items. “As good”: random orders that reach what the given one does. "
        f"Adjusted for the networks of a table, the given order stands out for {' and for '.join(shown) or 'none'}.",
        _table(head, rows),
    ]


def _across(found: Iterable[tuple[Case, dict[str, Any]]]) -> list[str]:
    """Compare the arms over the data sets, one score each."""
    tables = [{cost["arm"]: cost["accuracy"] for cost in kept["costs"]} for _, kept in found]
    scores = np.array([[one[arm] for arm in ARMS] for one in tables if all(arm in one for arm in ARMS)])
    if len(scores) < 5:
        return []
    test, apart = friedman(scores), critical_difference(len(ARMS), len(scores))
    ranks = ", ".join(f"{arm} {rank:.2f}" for arm, rank in zip(ARMS, test.ranks, strict=True))
    pairs = [f"{a} and {b}" for (i, a), (j, b) in combinations(enumerate(ARMS), 2) if nemenyi(scores)[i, j] < 0.05]
    first, last = scores[:, 0].tolist(), scores[:, -1].tolist()
    worse, same, better = signed_rank(first, last, 0.01)
    p_value = wilcoxon(first, last)[1]
    return [
        f"Mean ranks over {len(scores)} data sets: {ranks}; Friedman p = {test.p_of_f:.3g}, critical difference {apart:.2f}; "
        f"apart by Nemenyi: {'; '.join(pairs) or 'none'}. CNN against the classical model: Wilcoxon p = {p_value:.3g}; on a "
        f"data set like these it is better with probability {better:.2f}, worse {worse:.2f}, the same {same:.2f}."
    ]


def _disagreements(found: Iterable[tuple[Case, dict[str, Any]]]) -> list[str]:
    lines = []
    for case, kept in found:
        if not case.agrees(kept):
            wanted = "an order that stands out" if case.effect else " or ".join(case.expected)
            expected = f"expected {wanted} ({case.why})."
            said = " ".join(part for part in (kept["sentence"], kept["outlook"]) if part)
            explained = f" {OTHERWISE[case.source]}" if case.source in OTHERWISE else ""
            lines.append(f"- **{case.source}**: {expected}{explained} “{said}”")
    return ["### Other than expected", "\n".join(lines)] if lines else []


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def main() -> None:
    """Do the part that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("planted", "data", "again", "page"))
    parser.add_argument("names", nargs="*", help="data sets, or dials such as none-1-400; all by default")
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--budget", type=float, default=600.0, help="seconds a verdict, of two workers")
    parser.add_argument("--workers", type=int, default=USUAL_WORKERS)
    given = parser.parse_args()
    if given.part == "planted":
        train_planted(given.trials, given.names, given.budget, given.workers)
    elif given.part == "data":
        judge_data(given.names, given.budget, given.workers)
    elif given.part == "again":
        for part in PARTS:
            judge_again(part)
    page()


if __name__ == "__main__":
    main()
