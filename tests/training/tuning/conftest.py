"""A made-up landscape in which trials cost nothing."""

import pytest

import zoo
from training.tuning.proposals import proposer_for

SPACE = {
    "architecture.width": zoo.Choice((8, 16, 32), default=16),
    "architecture.deep": zoo.Choice((False, True), default=False),
    "architecture.depth": zoo.IntRange(2, 6, default=3, when=("architecture.deep", (True,))),
    "recipe.learning_rate": zoo.FloatRange(1e-4, 1e-1, default=5e-2, log=True),
}


@pytest.fixture
def space():
    return SPACE


def quality(values):
    return -abs(values["recipe.learning_rate"] - 0.01) + values["architecture.width"] / 1000


@pytest.fixture
def explore():
    """Train nothing: a leg scores what its point is worth, more with more epochs. Gives the legs as they came."""

    def run(tuning, space=SPACE, seed=0, most=8, score=quality):
        proposer = proposer_for(tuning, space, seed)
        legs = []
        while asked := proposer.ask(most):
            for leg in asked:
                value = score(leg.values)
                proposer.tell(leg, None if value is None else (value + leg.rungs[-1] / 10, 0.0))
            legs += asked
        return legs

    return run
