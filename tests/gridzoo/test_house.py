"""Packages with plain names are this project's own, or the intruder is named."""

import subprocess
import sys

import pytest

import gridzoo
from gridzoo import house


def test_the_packages_are_our_own():
    house.check()


@pytest.mark.parametrize("name", house.PACKAGES)
def test_an_intruder_is_named(tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("")
    program = "import gridzoo as gz\ntry: gz.Recipe\nexcept ImportError as error: print(error)"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path,
        env={"PYTHONPATH": f"{tmp_path}:{house.HOUSE}", "PATH": ""},
    )  # fmt: skip
    assert f"expected the package {name!r}" in result.stdout
    assert str(tmp_path / name) in result.stdout


def test_every_public_name_can_be_imported():
    for name in gridzoo.PUBLIC:
        assert getattr(gridzoo, name).__doc__
    with pytest.raises(AttributeError, match="compare"):
        gridzoo.comparison  # noqa: B018
