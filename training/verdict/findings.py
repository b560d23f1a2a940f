"""In words: whether the order of cells does anything, which axes matter, and how far structure reaches."""

from __future__ import annotations

from collections.abc import Sequence

from training.answers import AmongOrders, Control
from training.verdict.rules import ALPHA


def effect(found: AmongOrders, worth: bool | None) -> str:
    """Say whether the given order stands out; ``worth`` is whether it is worth more than the margin to the CNN that is judged.

    Examples
    --------
    >>> effect(AmongOrders(0.0156, 5), worth=False)
    'On these items the given order suits the network better than 5 random ones (p = 0.016): it has an effect, though one below the margin.'
    >>> effect(AmongOrders(0.2, 5), worth=None)
    'On these items the given order does not stand out among 5 random ones (p = 0.2).'
    >>> effect(AmongOrders(0.0156, 5, "res8", asked=2), worth=None)
    'On these items the given order suits res8 better than 5 random ones (p = 0.016, adjusted for 2 networks): it has an effect, whatever it is worth on others.'
    """
    p = "p < 0.001" if found.p_value < 0.001 else f"p = {found.p_value:.2g}"
    who, adjusted = (found.model, f", adjusted for {found.asked} networks") if found.asked > 1 else ("the network", "")
    if found.p_value > ALPHA:
        to_any = f" for any of {found.asked} networks" if found.asked > 1 else ""
        return f"On these items the given order does not stand out among {found.orders} random ones{to_any} ({p})."
    size = "though one below the margin" if worth is False else "whatever it is worth on others"
    return (
        f"On these items the given order suits {who} better than {found.orders} random ones ({p}{adjusted}): "
        f"it has an effect, {size}."
    )


def finding(controls: Sequence[Control]) -> str:
    """Say which axes matter, and how far structure reaches.

    Examples
    --------
    >>> from training.answers import Difference
    >>> worth = Difference(0.1, 0.08, 0.12, 0.001, "t", 5)
    >>> finding([Control("axis time", worth, True), Control("axis mel band", worth, None)])
    'The order along time matters (+10.0 points); whether the order along mel band matters is open (+10.0 points).'
    """
    axes = [_axis(control) for control in controls if control.arm.startswith("axis ")]
    blocks = [control for control in controls if control.arm.startswith("blocks ")]
    parts = ["; ".join(axes)] if axes else []
    if blocks:
        parts.append(_reach(sorted(blocks, key=lambda control: int(control.arm.split()[1]))))
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in parts)


def _axis(control: Control) -> str:
    name, worth = control.arm.removeprefix("axis "), f"({100 * control.found.mean:+.1f} points)"
    if control.matters is None:
        return f"whether the order along {name} matters is open {worth}"
    return f"the order along {name} {'matters' if control.matters else 'does not matter'} {worth}"


def _reach(blocks: Sequence[Control]) -> str:
    """Blocks that may be moved without harm hold all the structure that the network uses."""
    enough = [control.arm.split()[1] for control in blocks if control.matters is False]
    if enough:
        return f"structure reaches no further than {enough[0]} cells: blocks of that size may be moved without harm"
    harmed = [control.arm.split()[1] for control in blocks if control.matters]
    if harmed:
        return f"structure reaches further than {harmed[-1]} cells: moving blocks of that size still costs accuracy"
    return "how far structure reaches is open"
