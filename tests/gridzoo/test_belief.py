"""What is believed is said as runs come in, and takes next to none of their time."""

from types import SimpleNamespace

from gridzoo import belief
from training.answers import JUSTIFIED, NEITHER


def test_it_is_worked_out_again_when_that_has_become_a_small_part_of_the_time(monkeypatch):
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(belief.time, "monotonic", lambda: clock.now)
    shares = iter((0.6, 0.7, 0.8))

    def judged(records):
        clock.now += 0.5  # seconds that it takes
        return [SimpleNamespace(belief={JUSTIFIED: next(shares), NEITHER: 0.1})]

    monkeypatch.setattr(belief, "verdicts", judged)
    shown = belief.Belief()
    said = []
    for _ in range(60):
        said.append(shown._best("data"))
        clock.now += 1.0
    assert said == [f"{JUSTIFIED}: 60%"] * 25 + [f"{JUSTIFIED}: 70%"] * 25 + [f"{JUSTIFIED}: 80%"] * 10
