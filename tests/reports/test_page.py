"""The page as text: its policy, its escaping, its numbers, its file."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest

import reports

LATE = ("keras", "tensorflow", "librosa", "sklearn", "scipy", "pandas", "matplotlib", "keras_tuner")


class Elements(HTMLParser):
    """Collects the elements of a page, as a browser would find them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def scripts(page: str) -> list[str]:
    return re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)


def without_plotly(page: str) -> str:
    page = re.sub(r'<script type="text/plain" id="plotly">.*?</script>', "", page, flags=re.DOTALL)
    return re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)


def unpacked_plotly(page: str) -> str:
    packed = re.findall(r'<script type="text/plain" id="plotly">(.*?)</script>', page, flags=re.DOTALL)
    assert len(packed) == 1
    return gzip.decompress(base64.b64decode(packed[0])).decode()


@pytest.fixture(scope="module", params=["ordinary", "hostile", "poor"])
def page(request: pytest.FixtureRequest, example_chapters: ModuleType) -> str:
    return reports.render(getattr(example_chapters, request.param)())


def test_import_is_light() -> None:
    code = f"import sys, reports; print([name for name in {LATE!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"


def test_policy_names_every_script_and_nothing_else(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    rules = html.unescape(policy.group(1))
    assert rules.startswith("default-src 'none'; ")
    run = [*scripts(page), unpacked_plotly(page)]
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in run]
    assert re.findall(r"'sha256-([^']*)'", rules) == digests
    assert len(digests) == 2


def test_page_is_small_enough_to_send(page: str) -> None:
    assert len(page.encode()) < 3_500_000


def test_no_element_loads_or_runs_anything(page: str) -> None:
    for tag, attributes in Elements(without_plotly(page)).found:
        assert tag not in ("iframe", "object", "embed", "link", "form", "base")
        assert not any(name.startswith("on") for name in attributes)
        for name in ("src", "href"):
            assert re.match(r"#|data:(image/png|audio/wav);base64,|$", attributes.get(name) or ""), (tag, attributes)


def test_every_link_within_the_page_has_its_target(page: str) -> None:
    found = Elements(without_plotly(page)).found
    ids = [attributes["id"] for _, attributes in found if "id" in attributes]
    assert len(ids) == len(set(ids))
    wanted = {(attributes.get("href") or "")[1:] for tag, attributes in found if tag == "a"}
    wanted |= {attributes["aria-describedby"] or "" for _, attributes in found if "aria-describedby" in attributes}
    assert wanted <= set(ids)


def test_hostile_names_stay_text(example_chapters: ModuleType) -> None:
    page = without_plotly(reports.render(example_chapters.hostile(), title=example_chapters.HOSTILE[1]))
    for name in example_chapters.HOSTILE[:3]:
        assert name not in page.replace(html.escape(name), "")
        assert str(html.escape(name)).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in page
    assert "{{ 7*7 }}" in page  # a name is no template


def test_names_cannot_turn_the_direction_of_our_sentences(example_chapters: ModuleType) -> None:
    chapter = example_chapters.hostile()[0]
    chapter.card.counts["\u202eevil"] = 10_000
    page = without_plotly(reports.render([chapter]))
    assert "Answering “\u2068\u202eevil\u2069” every time" in page
    assert all(before == "\u2068" for before in re.findall("“(.)[^”]*” (?:taken for|every time)", page))


def test_figures_are_json_that_ends_where_it_should(page: str) -> None:
    embedded = re.search(r'<script type="application/json" id="figures">(.*?)</script>', page, flags=re.DOTALL)
    assert embedded is not None
    assert "<" not in embedded.group(1)
    charts = json.loads(embedded.group(1))
    assert charts
    assert all(choice["alt"] and choice["figures"] for choices in charts.values() for choice in choices)


def test_verdict_numbers_and_their_test_are_on_the_page(example_chapters: ModuleType) -> None:
    page = reports.render(example_chapters.ordinary()[:1]).replace("\u2068", "").replace("\u2069", "")
    assert "[+2.0; +14.0]" in page
    assert "p = 0.010, <bdi>corrected resampled t test</bdi>, 6 folds" in page
    assert "Use resnet20: it beats the best baseline, svm." in page
    assert "may hold items of the same speaker in training and test" in page


def test_synthetic_data_says_so_everywhere(example_chapters: ModuleType) -> None:
    real, made = example_chapters.ordinary()[:2]
    assert "synthetic – made by a program" not in reports.render([real])
    page = reports.render([made])
    assert page.count("synthetic – made by a program") == 2
    assert '<span class="badge synthetic">synthetic</span>' in page


def test_failed_and_missing_runs_are_counted(example_chapters: ModuleType) -> None:
    page = reports.render(example_chapters.poor()[:1])
    assert "worker died" in page
    assert "3 failed" in page
    assert "The plan holds 4 runs; the rows above count 3." in page
    assert "No run under this split has finished" in page


def test_runs_still_to_come_are_counted(example_chapters: ModuleType) -> None:
    chapter = example_chapters.poor()[2]
    cell = replace(chapter.cells[0], planned=chapter.cells[0].planned + 2)
    page = reports.render([replace(chapter, cells=[cell, *chapter.cells[1:]])])
    assert re.search(r"(\d+) runs? planned = (\d+) done .* 2 not run yet", page)


def test_verdict_is_about_the_cnn_it_names(example_chapters: ModuleType) -> None:
    chapter = example_chapters.ordinary()[1]
    other = replace(chapter.verdicts[0], model="lenet5")
    page = reports.render([replace(chapter, verdicts=[other])])
    assert re.search(r'class="grid judged"[^>]*>\s*<th scope="row"><bdi>lenet5</bdi>', page)


def test_nothing_to_report_is_a_page_too() -> None:
    page = reports.render([])
    assert "There is nothing to report yet" in page
    assert len(scripts(page)) == 1


def test_write_leaves_one_whole_file(tmp_path: Path, example_chapters: ModuleType) -> None:
    target = tmp_path / "new folder" / "report.html"
    assert reports.write(example_chapters.poor(), target, title="A & B", command="gridzoo 'x'") == target
    assert [file.name for file in target.parent.iterdir()] == ["report.html"]
    text = target.read_text(encoding="utf-8")
    assert text.rstrip().endswith("</html>")
    assert "<title>A &amp; B</title>" in text
    assert "gridzoo &#39;x&#39;" in text


def test_same_chapters_give_the_same_page(example_chapters: ModuleType) -> None:
    assert reports.render(example_chapters.hostile()) == reports.render(example_chapters.hostile())
