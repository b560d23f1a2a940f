"""The race of searches as reports show it, and what follows from it."""

from __future__ import annotations

from types import ModuleType

import reports
from reports.findings.race import race
from training.tuning.settings import Tuning


def test_the_default_search_is_the_one_that_won() -> None:
    found = race()
    assert found.racers[0].oracle == Tuning().oracle
    assert len(found.data) >= 3
    assert found.seeds >= 5
    assert {racer.oracle for racer in found.racers} == {"random", "grid", "bayesian", "hyperband", "evolution"}
    ranks = [racer.rank for racer in found.racers]
    assert ranks == sorted(ranks)


def test_a_report_of_a_search_shows_the_race(example_chapters: ModuleType) -> None:
    page = reports.render(example_chapters.ordinary())
    assert "Which search finds more in the same time" in page
    for mean, half in race().racers[0].regrets:
        assert f"{100 * mean:.2f} ± {100 * half:.2f}" in page
