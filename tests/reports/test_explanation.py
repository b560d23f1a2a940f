"""The page of one explanation: every kind of item, whatever strings it holds."""

import html
import re
import subprocess
import sys

import numpy as np
import pytest

from reports.drawings import Marked, ink_on
from reports.inside import page as pages
from reports.inside.explained import ExplanationView
from reports.inside.relevance import draw_relevance
from reports.inside.spans import Spanned, item_with_spans

KINDS = ("image", "sound", "waveform", "text", "page", "series", "scalogram", "table", "board")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_item_is_shown_and_escaped(example_explanations, kind):
    page = pages.render(example_explanations.explanation(kind))
    assert page.startswith("<!doctype html>")
    assert "<script>" not in page
    assert "<img src=x" not in page
    assert "script-src 'none'" in html.unescape(page)
    assert page.count('class="method') >= 6
    assert not re.search(r"https?://(?!www\.w3\.org)", page)
    for word in ("stage1", "stage1_conv", "below", "2.99"):
        assert word in page


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_without_relevance_or_stages_is_still_a_page(example_explanations, kind):
    page = pages.render(example_explanations.bare(kind))
    assert "No training items were given" in page
    assert "constant maps" in page


def test_a_text_comes_back_whole_and_its_strongest_piece_is_marked_strongest(example_explanations):
    found = example_explanations.explanation("text")
    (drawing,) = draw_relevance(found.relevances[0], found)
    assert isinstance(drawing, Marked)
    assert "".join(run.text for run in drawing.runs) == found.preview["text"]
    values = np.abs(found.relevances[0].values)
    assert drawing.runs[int(values.argmax())].background
    assert not drawing.runs[int(values.argmin())].background


def test_a_long_text_says_how_much_is_hidden(example_explanations):
    found = example_explanations.explanation("text")
    words = ["word "] * 2000
    edges = np.arange(0, 5 * len(words) + 1, 5).tolist()
    axis = {"name": "character", "unit": "", "edges": edges, "labels": [word.strip() for word in words]}
    long = type(found.relevances[0])(
        **{**vars(found.relevances[0]), "axes": [axis], "values": np.ones(len(words)).tolist()}
    )
    more = type(found)(**{**vars(found), "preview": {"kind": "text", "text": "".join(words)}})
    (drawing,) = draw_relevance(long, more)
    assert drawing.hidden == 10_000 - sum(len(run.text) for run in drawing.runs)
    assert drawing.hidden > 0


def test_checks_judge_by_their_numbers(example_explanations):
    found = example_explanations.explanation("series")
    view = ExplanationView(found).methods[0]
    assert view.randomised.passed  # 0.15 on average
    assert not view.deletion.passed  # 0.45 against 0.45
    assert view.insertion.passed  # 0.6 against 0.45
    same = type(found.relevances[0])(**{**vars(found.relevances[0]), "randomised": [0.9, -0.8, 0.7]})
    worse = type(found)(**{**vars(found), "relevances": [same]})
    assert not ExplanationView(worse).methods[0].randomised.passed


def test_a_box_lies_where_its_span_does_on_a_grid_that_goes_on_beyond_the_item(example_explanations):
    """The item lasts 1 s, its grid 2 s: what is seen up to 0.5 s reaches to a quarter of the drawing."""
    found = example_explanations.explanation("sound")
    spec = dict(found.spec)
    time = {**spec["axes"][0], "edges": (2 * np.asarray(spec["axes"][0]["edges"])).tolist()}
    longer = type(found)(**{**vars(found), "spec": {**spec, "axes": [time, spec["axes"][1]]}})
    view = ExplanationView(longer)
    frame = item_with_spans(longer, view.axes, [Spanned("can see", [(0.0, 0.5), (0.0, 2000.0)])])
    left, right = re.match(r"M([\d.]+) [\d.]+H([\d.]+)V", frame.lines[-1].path).groups()
    assert float(left) == 0
    assert float(right) == pytest.approx(frame.width / 4, abs=0.1)


def test_ink_is_readable():
    assert ink_on(np.array([255, 255, 255], np.uint8)) == "#000"
    assert ink_on(np.array([84, 39, 136], np.uint8)) == "#fff"


def test_pages_of_explanations_load_no_keras():
    program = "import sys; import reports.inside.page; print(*(m for m in ('tensorflow', 'keras', 'sklearn') if m in sys.modules))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.split() == []
