"""Anytime curves with intervals as an SVG picture, one panel a data set."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

# Okabe and Ito's palette (2008), told apart by colour-blind readers; the dashes tell them apart in grey.
LOOKS = {
    "random": ("#000000", "2 3"), "grid": ("#999999", "6 3"), "bayesian": ("#0072b2", ""),
    "hyperband": ("#e69f00", "8 2 2 2"), "evolution": ("#d55e00", ""),
}  # fmt: skip
WIDTH, HEIGHT, EDGE = 300, 220, 44
Curves = Mapping[str, tuple[np.ndarray, np.ndarray]]


def draw(panels: Mapping[str, Curves], unit: str) -> str:
    """Draw the mean truth of what each oracle would choose, by the share of the budget that is spent."""
    width, height = EDGE + len(panels) * (WIDTH + EDGE), HEIGHT + 2 * EDGE + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for number, (name, curves) in enumerate(panels.items()):
        parts += _panel(EDGE + number * (WIDTH + EDGE), name, curves, unit)
    for number, (oracle, (colour, dash)) in enumerate(LOOKS.items()):
        x, y = EDGE + 110 * number, height - 12
        parts.append(f'<path d="M{x} {y - 4}h24" stroke="{colour}" stroke-dasharray="{dash}" stroke-width="2"/>')
        parts.append(f'<text x="{x + 30}" y="{y}">{oracle}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _panel(left: float, name: str, curves: Curves, unit: str) -> list[str]:
    means = np.concatenate([mean for mean, _ in curves.values()])
    low, high = float(np.quantile(means[means > 0], 0.05)), float(means.max())
    span = max(high - low, 1e-6) * 1.15
    moments = len(next(iter(curves.values()))[0])

    def point(index: int, value: float) -> str:
        x = left + WIDTH * (index + 1) / moments
        y = EDGE + HEIGHT * (1 - min(max((value - low) / span, -0.02), 1.02))
        return f"{x:.1f},{y:.1f}"

    parts = [
        f'<text x="{left}" y="{EDGE - 12}" font-weight="bold">{name}</text>',
        f'<rect x="{left}" y="{EDGE}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#888888"/>',
        f'<text x="{left - 4}" y="{EDGE + HEIGHT}" text-anchor="end">{low:.3f}</text>',
        f'<text x="{left - 4}" y="{EDGE + 10}" text-anchor="end">{low + span:.3f}</text>',
        f'<text x="{left + WIDTH}" y="{EDGE + HEIGHT + 16}" text-anchor="end">share of the {unit}, to 100 %</text>',
    ]
    for oracle, (mean, half) in curves.items():
        colour, dash = LOOKS[oracle]
        upper = [point(i, mean[i] + half[i]) for i in range(moments)]
        lower = [point(i, mean[i] - half[i]) for i in reversed(range(moments))]
        line = " ".join(point(i, mean[i]) for i in range(moments))
        parts.append(f'<polygon points="{" ".join([*upper, *lower])}" fill="{colour}" opacity="0.12"/>')
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-dasharray="{dash}" stroke-width="2"/>'
        )
    return parts
