"""Numbers as people read them, and the plain words for what they mean."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from training.answers import CLASSICAL, ELSEWHERE, JUSTIFIED, NEITHER, UNDECIDED, Difference, Verdict
from training.chapters import CellSummary, DataCard

THIN = "\u202f"  # narrow no-break space, between a number and its unit (SI brochure, 9th ed., 5.4.3)
MINUS = "\u2212"
NOTHING = "–"
SIGNIFICANT = 0.05  # differences with a larger p are not told apart

GLOSSARY: Mapping[str, tuple[str, str]] = {
    "accuracy": ("accuracy", "The share of test items whose class was predicted correctly."),
    "adapter": ("adapter", "Turns raw items (pictures, sounds, texts, rows) into grids of numbers."),
    "baseline": (
        "baseline",
        "A classical method, the best of several by a cross-validation within the training items.",
    ),
    "cnn": ("CNN", "A convolutional neural network: it looks at small neighbourhoods of cells, then at larger ones."),
    "confusion": (
        "confusion matrix",
        "How often items of each true class (row) were given each predicted class (column).",
    ),
    "epoch": ("epoch", "One pass of training over all training items."),
    "fold": ("fold", "One division of the data into training and test items. Each fold trains a model anew."),
    "grid": ("grid", "The array of numbers that a network sees. Its axes have names and units."),
    "interval": (
        "95 % interval",
        "The range that the true value is expected in: the method that makes it misses in 5 of 100 experiments.",
    ),
    "loss": ("loss", "What training makes small: the cross-entropy of the predicted class probabilities."),
    "parameters": ("parameters", "The numbers inside a network that training adjusts."),
    "permuted": (
        "permuted cells",
        "The control. The cells of every grid are shuffled in the same fixed way: no information is lost, but "
        "neighbours are no longer neighbours. A CNN that scores the same here makes no use of the grid.",
    ),
    "points": ("points", "Percentage points: 90 % is 10 points more than 80 %."),
    "p-value": (
        "p",
        "How probable a difference at least this large would be if there were none. Small values speak for a difference.",
    ),
    "quarantined": ("quarantined", "Set aside because the item could not be read, with the reason. Never used."),
    "run": ("run", "One training of one model on one fold."),
    "spread": ("spread", "The standard deviation of the test accuracies over the folds."),
    "split": ("split", "The rule that sets test items apart from training items."),
    "tuned": (
        "tuned",
        "Hyperparameters were searched inside the training items of each fold; test items played no part.",
    ),
    "validation": ("validation", "Items held back from the training items, to choose by. They are not the test items."),
}

BADGES: Mapping[str, tuple[str, str]] = {
    JUSTIFIED: ("helps", "✓"),
    CLASSICAL: ("no-help", "≈"),
    ELSEWHERE: ("no-help", "≠"),
    NEITHER: ("no-help", "✕"),
    UNDECIDED: ("undecided", "?"),
}

SPLITS: tuple[tuple[str, str], ...] = (
    ("official", "Training and test items as the publisher of the data set them apart."),
    ("leave-one-group-out", "Each {group} in turn is the test: models meet only {group}s that they never saw."),
    (
        "stratified-group",
        "Every {group} is wholly in training or wholly in test: models meet only {group}s that they never saw.",
    ),
    ("", "Test items are drawn at random, class by class; each item is a test item once a repeat."),
)


def isolated(name: str) -> str:
    """Set a name from data apart within our sentence, so that it cannot turn the sentence's direction.

    Unicode's first-strong isolate and its end (UAX #9, section 2.4): what ``<bdi>`` is in HTML.
    """
    return f"\u2068{name}\u2069"


def percent(fraction: float | None, digits: int = 1) -> str:
    """Write a fraction of 1 as a percentage.

    Examples
    --------
    >>> percent(0.9342).replace(THIN, " ")
    '93.4 %'
    """
    if fraction is None or not math.isfinite(fraction):
        return NOTHING
    return f"{100 * fraction:.{digits}f}{THIN}%"


def spread(deviation: float) -> str:
    """Write a standard deviation of accuracies, in percentage points.

    Examples
    --------
    >>> spread(0.0117).replace(THIN, " ")
    '± 1.2'
    """
    return f"±{THIN}{100 * deviation:.1f}"


def plural(number: int, noun: str) -> str:
    """Write how many there are of something.

    Examples
    --------
    >>> plural(1, "run"), plural(2, "run")
    ('1 run', '2 runs')
    """
    return f"{count(number)} {noun}" + ("s" if number != 1 else "")


def signed(fraction: float) -> str:
    """Write a difference of fractions in percentage points, with a proper sign.

    Examples
    --------
    >>> signed(-0.041)
    '−4.1'
    """
    if not math.isfinite(fraction):
        return NOTHING
    text = f"{100 * fraction:+.1f}"
    return text.replace("-", MINUS) if float(text) else "0.0"


def probability(p: float) -> str:
    """Write a p-value with the digits that matter."""
    if not math.isfinite(p):
        return f"p {NOTHING}"
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def difference(found: Difference | None) -> str:
    """Write a paired difference with its interval, its test and the folds it stands on."""
    if found is None:
        return "not compared"
    interval = f"95{THIN}% interval {signed(found.low)} to {signed(found.high)}"
    tested = f"{probability(found.p_value)} ({found.test}, {plural(found.folds, 'fold')})"
    return f"{signed(found.mean)} points, {interval}, {tested}"


def duration(seconds: float) -> str:
    """Write a time span in the unit that suits it.

    Examples
    --------
    >>> duration(200).replace(THIN, " ")
    '3 min 20 s'
    """
    if seconds < 1:
        return f"{number(1000 * seconds) if seconds < 0.01 else f'{1000 * seconds:.0f}'}{THIN}ms"
    if seconds < 59.95:
        return f"{seconds:.1f}{THIN}s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}{THIN}min {rest}{THIN}s"
    return f"{minutes // 60}{THIN}h {minutes % 60}{THIN}min"


def count(number: int) -> str:
    """Write a whole number with its thousands set apart, from five digits on."""
    return f"{number:,}".replace(",", THIN) if abs(number) >= 10_000 else str(number)


def compact(number: float) -> str:
    """Write a large number with three digits and a prefix of the SI.

    Examples
    --------
    >>> compact(272_474).replace(THIN, " "), compact(950)
    ('272 k', '950')
    """
    for factor, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= 0.9995 * factor:
            return f"{float(f'{number / factor:.3g}'):g}{THIN}{prefix}"
    return f"{number:.0f}"


def number(value: float) -> str:
    """Write a number with three significant digits and no needless zeros."""
    if not math.isfinite(value):
        return NOTHING
    plain = value == 0 or 1e-4 <= abs(value) < 1e6
    text = f"{value:.3g}" if abs(value) < 1000 or not plain else f"{value:.0f}"
    return text.replace("-", MINUS)


def setting(value: object) -> str:
    """Write a hyperparameter's or a setting's value."""
    if isinstance(value, float):
        return number(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {setting(part)}" for key, part in value.items()) or NOTHING
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(setting(part) for part in value) or NOTHING
    return str(value)


def split_meaning(split: str, group_name: str) -> str:
    """Say how a split sets test items apart."""
    return next(text for prefix, text in SPLITS if split.startswith(prefix)).format(group=isolated(group_name))


def why_splits_differ(splits: Sequence[str], card: DataCard) -> str:
    """Say why an official split and a group split answer different questions; empty where they do not both occur."""
    unseen = [split for split in splits if "group" in split]
    if "official" not in splits or not unseen:
        return ""
    group, new = isolated(card.group_name), isolated(unseen[0])
    return (
        f"Why the two differ: the official split may hold items of the same {group} in training and test. It then "
        f"measures memory of the {group} as well as recognition. The split “{new}” tests {group}s that training "
        f"never met. If you will meet new {group}s, believe “{new}”."
    )


def advice(verdict: Verdict, cnn: CellSummary | None, baseline: CellSummary | None) -> str:
    """Say what to use, from the answer and the tested difference to the baseline."""
    against, network = verdict.against_baseline, isolated(verdict.model)
    if against is None or baseline is None:
        return f"No baseline was compared, so whether {network} is the right tool stays open. Run a baseline."
    rival = isolated(baseline.model)
    cost = f" ({duration(baseline.seconds)} a run, the CNN {duration(cnn.seconds)})" if cnn else ""
    if verdict.answer in (JUSTIFIED, ELSEWHERE):
        reason = ", though not because of where its cells lie" if verdict.answer == ELSEWHERE else ""
        return f"Use {network}: it beats the best baseline, {rival}{reason}."
    if against.p_value >= SIGNIFICANT:
        return f"{network} and {rival} cannot be told apart. Use the cheaper one{cost}."
    if verdict.answer == UNDECIDED and against.mean > 0:
        return f"Until it is decided, use {network}: it beats the best baseline, {rival}, if not surely by enough."
    return f"Use {rival}: it {'beats the CNN' if against.mean < 0 else 'does as well'}{cost}."
