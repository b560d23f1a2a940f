"""The collector is put off for a while, and is afterwards what it was."""

import gc

import pytest

from training.collector import uncollected


def fail():
    with uncollected():
        assert not gc.isenabled()
        raise RuntimeError


@pytest.mark.parametrize("on", [True, False])
def test_it_is_afterwards_what_it_was(on):
    before = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        with pytest.raises(RuntimeError):
            fail()
        assert gc.isenabled() == on
    finally:
        (gc.enable if before else gc.disable)()
