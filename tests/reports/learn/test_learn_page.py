"""The written page: whole, inert, and its sentences true to what is stored."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from scipy.stats import binomtest

import gridzoo as gz
import reports.learn

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def html() -> str:
    return reports.learn.render()


def test_page_is_the_same_each_time_and_small(html: str) -> None:
    assert html == reports.learn.render()
    assert len(html.encode()) < 300_000


def test_policy_names_the_one_script_and_the_one_style_and_nothing_else(html: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    hashes = [b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (script, style)]
    assert [part.strip() for part in policy[1].replace("&#39;", "'").split(";")] == [
        "default-src 'none'",
        f"script-src 'sha256-{hashes[0]}'",
        f"style-src 'sha256-{hashes[1]}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert not re.search(r"\son\w+=|\sstyle=|javascript:|\bsrc=|https?://(?!www\.w3\.org/2000/svg)", html)


def test_page_is_written_wholly_or_not_at_all(tmp_path: Path) -> None:
    path = gz.learn(tmp_path / "new" / "learn.html")
    assert path.read_text(encoding="utf-8") == reports.learn.render()
    assert list(path.parent.iterdir()) == [path]
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        gz.learn(tmp_path / "file" / "learn.html")


def test_writing_needs_neither_keras_nor_the_network() -> None:
    program = (
        "import sys, socket, reports.learn; socket.socket = None; reports.learn.render();"
        "print(*(m for m in ('keras', 'tensorflow', 'sklearn', 'librosa') if m in sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == ""


def test_command_writes_the_page_and_says_where(tmp_path: Path) -> None:
    out = tmp_path / "here.html"
    call = [sys.executable, "-m", "gridzoo.main", "learn", "--out", str(out)]
    found = subprocess.run(call, capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == f"lessons: {out}"
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    found = subprocess.run([*call[:-1], str(out / "x.html")], capture_output=True, text=True, cwd=ROOT)
    assert found.returncode == 2
    assert "Traceback" not in found.stderr


def share(curve: dict[str, Any], amount: float) -> float:
    nearest = min(range(len(curve["amounts"])), key=lambda i: abs(curve["amounts"][i] - amount))
    return float(curve["right"][nearest] / curve["drawings"])


def test_accuracy_on_the_page_is_the_measured_one(html: str, stored: dict[str, Any]) -> None:
    row = stored["network"]["accuracy"][0]
    assert row["varied"] == "everything at once"
    assert f"{100 * row['right'] / row['drawings']:.2f}" in html
    assert str(stored["network"]["parameters"]) in html


def test_what_the_page_says_about_where_the_network_breaks_is_so(stored: dict[str, Any]) -> None:
    curves = stored["network"]["curves"]
    assert all(share(curves[name], edge) < 0.5 for name in ("across", "down") for edge in (-16, 16))
    assert share(curves["scale"], 0.1) < 0.8
    assert share(curves["shade"], 0.02) < 0.8
    assert all(share(curves["turn"], amount) > 0.95 for amount in (-90, -45, 45, 90))


def test_what_the_page_says_about_shuffled_columns_is_so(stored: dict[str, Any]) -> None:
    for network in ("xo2", "lenet5"):
        rows = {
            row["name"]: row["difference"] for row in stored["shuffles"]["results"] if row["architecture"] == network
        }
        assert rows["drawings"]["low"] > 0
        assert rows["digits"]["low"] > 0
        assert rows["customers"]["low"] < 0 < rows["customers"]["high"]


def test_ranges_on_the_page_are_those_that_were_drawn(stored: dict[str, Any], drawings: ModuleType) -> None:
    from reports.learn.page import LOOKS

    assert {name: list(ends) for name, ends in drawings.TRAINED.items()} == stored["network"]["trained"]
    for name, _, low, high, _, start, _ in LOOKS:
        assert (low, high) == drawings.MEASURED[name]
        assert start == stored["network"]["neutral"][name]
        assert stored["network"]["curves"][name]["amounts"][0] == low
        assert stored["network"]["curves"][name]["amounts"][-1] == high


def test_tables_of_the_docs_are_those_that_are_stored(stored: dict[str, Any]) -> None:
    text = (ROOT / "docs" / "learn.md").read_text(encoding="utf-8")
    for row in stored["network"]["accuracy"]:
        interval = binomtest(row["right"], row["drawings"]).proportion_ci(method="wilson")
        line = f"{row['drawings']} | {row['right'] / row['drawings']:.2%} | {interval.low:.2%} to {interval.high:.2%} |"
        assert any(found.startswith(f"| {row['varied']} |") and found.endswith(line) for found in text.splitlines())
    for row in stored["shuffles"]["results"]:
        before, after = (sum(row[arm]) / len(row[arm]) for arm in ("original", "shuffled"))
        assert f"| {row['architecture']} | {row['what']} | {row['majority']:.1%} | {before:.1%} | {after:.1%} |" in text
