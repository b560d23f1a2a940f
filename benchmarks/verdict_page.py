"""The page of ``verdicts.py``: what was reached so far, beside what was expected."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from verdict_cases import CASES, DIALS, OTHERWISE, RESAMPLED, STRUCTURED, Case, Dial, stands_out

from training.answers import ANSWERS, JUSTIFIED
from training.describing.shares import wilson
from training.verdict.across import critical_difference, friedman, nemenyi, signed_rank, wilcoxon
from training.verdict.rules import ALPHA

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "verdicts.md"
ARMS = ("original", "permuted", "mlp", "baseline")


def kept_of(part: str) -> dict[str, dict[str, Any]]:
    """Read what was reached so far, by name."""
    table = HERE / f"verdicts_{part}.jsonl"
    lines = table.read_text(encoding="utf-8").splitlines() if table.is_file() else []
    return {found["name"]: found for found in map(json.loads, lines)}


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
    rows, older, found = [], [], kept_of("planted")
    for dial in DIALS:
        kept = [one for name, one in found.items() if name.startswith(f"{dial.name}/")]
        if kept:
            if not all("rule" in one for one in kept):
                older.append(dial.name)
            counts = [sum(one["answer"] == answer for one in kept) for answer in ANSWERS]
            kind = f"{dial.kind}, shuffled" if dial.shuffled else dial.kind
            rows.append(
                [
                    kind,
                    "–" if dial.shuffled else f"{dial.strength:g}",
                    dial.items,
                    len(kept),
                    *counts,
                    *_order(dial, kept),
                ]
            )
    if not rows:
        return []
    nulls = {dial.name for dial in DIALS if dial.null}
    nothing = [one for name, one in found.items() if name.rpartition("/")[0] in nulls]
    false = sum(one["answer"] == JUSTIFIED for one in nothing)
    helped = sum(one["answer"] in STRUCTURED for one in nothing)
    low, high = wilson(false, len(nothing)) if nothing else (0.0, 1.0)
    head = (
        "planted", "strength", "items", "trials", *ANSWERS, "what the order is worth", "intervals that hold it",
        "intervals above zero", "stands out", "the screen sees structure",
    )  # fmt: skip
    return [
        "## Planted structure, trained",
        f"Where the order of cells means nothing – none is planted, or cells of real data are shuffled before they are judged – {false} of {len(nothing)} verdicts say “{JUSTIFIED}”: {100 * false / max(1, len(nothing)):.1f} %, "
        f"95 % interval {100 * low:.1f} to {100 * high:.1f} (Wilson); {helped} that the order helps. "
        "Before the network and the search of now, 0 of 78 did. What the order is worth, in points: nothing where it means "
        "nothing, elsewhere the mean over the trials. Intervals are those printed, of 95 %. They are wide where little is known of "
        "orders – five have four degrees of freedom – and since folds are taken to be as correlated as Nadeau and Bengio fear. "
        "“Undecided” with an interval above zero: against the classical model it is open. “Stands out”: the given order suits the "
        f"network better than random ones on these items (p ≤ {ALPHA}), whatever that is worth on others. Where global waves are strong, every "
        "model is right about every picture, shuffled or not: the order is there and worth nothing. "
        + (
            f"Reached with `res8-narrow` and by the best trial, as was usual before: {', '.join(older)}."
            if older
            else ""
        ),
        _table(head, rows),
    ]


def _order(dial: Dial, kept: Sequence[dict[str, Any]]) -> list[str]:
    """Say what the order is worth, how many intervals hold that or lie above zero, and how often it stands out or the screen sees it."""
    found = [one["against_permuted"] for one in kept]
    worth = 0.0 if dial.null else float(np.mean([one["mean"] for one in found]))
    covered = sum(one["low"] <= worth <= one["high"] for one in found)
    above, seen = sum(one["low"] > 0 for one in found), sum(one["structure"] for one in kept)
    standing = sum(map(stands_out, kept))
    return [f"{100 * worth:.1f}", f"{covered} of {len(found)}", str(above), str(standing), str(seen)]


def _data_part() -> list[str]:
    known = kept_of("data")
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
        "Rows of cells – series, tables, aligned texts – are judged by two networks, `tc-resnet8` and `res8`, of which the one that is better "
        "on validation items is named; all others by one (`docs/decisions/0015-default-networks.md`). Their search keeps the given recipe "
        f"unless a trial is better by a standard error. Judged before that, by the best trial: {', '.join(_older(found))}; those of "
        "them with `fcn` or `res8-narrow`, and dna-splice, by one network that was usual then. mr, subj, mpqa, sms-spam and "
        "surname-nationalities were judged twice: three of the five had been undecided, since a training had "
        "time for one or two epochs or was kept at its first, which led to word vectors of 50 numbers and to a guard on the choice of an epoch. "
        "The screen itself takes about a second (`benchmarks/screen_speed.py`).",
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


def _older(found: Iterable[tuple[Case, dict[str, Any]]]) -> list[str]:
    return [case.source for case, kept in found if kept.get("rule", "best") == "best"]


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
    """Show what `orders.py` found, each p-value adjusted for the networks of its table by Bonferroni."""
    table = HERE / "orders.csv"
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
        "## The order, without a search and without a limit of time",
        "`benchmarks/orders.py`: the same networks on the same folds, in the given order and in random ones, by the "
        "default recipe; of pendigits 1,000 items; fsdd's speakers left out one by one. “As good”: random orders that reach what "
        f"the given one does. Adjusted for the networks of a data set, the given order stands out for {', for '.join(shown) or 'none'}.",
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
