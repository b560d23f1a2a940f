"""A walk's page before any script runs: whole, escaped, small, and made of plain data alone."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from reports import walk as pages
from reports.escape import script_source
from reports.walk.checks import checks
from reports.walk.view import WalkView
from training.walk.record import Walk

KINDS = ("image", "sound", "text", "series", "table", "plain", "averaged")


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_made_from_plain_data_and_runs_its_own_script_alone(walk_of, kind):
    found = Walk.from_json(json.loads(json.dumps(walk_of(kind).to_json())))
    page = pages.render(found, command="gridzoo walk <run>")
    assert len(page) < 3_000_000
    assert script_source(pages.script()) in html.unescape(page)
    assert set(re.findall(r"https?://[\w.]+", page)) == {"http://www.w3.org"}  # the name of SVG's elements
    assert "<i>item</i>" not in page
    assert "<i>loud</i>" not in page
    assert "<b>sat" not in page
    assert "&lt;i&gt;loud&lt;/i&gt;" in page
    assert "gridzoo walk &lt;run&gt;" in page


@pytest.mark.parametrize("kind", KINDS)
def test_steps_that_a_network_lacks_are_not_there(walk_of, kind):
    found = walk_of(kind)
    kinds = [step.kind for step in WalkView(found).steps]
    assert kinds[:2] == ["grid", "reading"]
    assert kinds[-2:] == ["descent", "end"]
    assert ("match" in kinds) == ("map" in kinds) == (kind != "plain")
    assert [one for one in kinds if one in ("normalise", "activate", "pool")] == [one.kind for one in found.changes]
    assert ("hidden" in kinds) == (kind in ("image", "sound", "table", "plain"))
    assert kinds.count("chain") == len(found.chains)
    page = pages.render(found)
    assert all(note in page.replace("&#39;", "'") for note in found.notes)


def test_without_a_label_the_page_says_what_the_error_is_measured_against(walk_of):
    found = walk_of("image")
    assert "The label says" in pages.render(found)
    text = pages.render(replace(found, given=False))
    assert "No label was given" in text
    assert "The label says" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_the_checks_that_are_shown_can_fail(walk_of, kind):
    found = walk_of(kind)
    assert all(check.worst < 1e-3 for check in checks(found))
    assert {"votes of the classes", "error", "slopes of weights"} - {one.name for one in checks(found)} <= (
        {"votes of the classes"} if kind == "averaged" else set()
    )
    wrong = replace(found, chains=[replace(found.chains[0], total=found.chains[0].total * 1.1)])
    assert next(one for one in checks(wrong) if one.name == "slopes of weights").worst > 1e-5
    np.testing.assert_allclose(next(o for o in checks(found) if o.name == "error").worst, 0, atol=1e-4)


def test_a_share_too_small_to_be_written_is_no_fault(walk_of):
    found = walk_of("image")
    index = found.classes.index(found.label)
    outputs = [900.0 * (place != index) for place in range(len(found.classes))]
    wrong = replace(found, outputs=outputs, probabilities=[0.5 * (o > 0) for o in outputs], error=900.6931)
    assert next(one for one in checks(wrong) if one.name == "error").worst < 1e-6
    assert "too small to be written" in pages.render(wrong)


def test_two_walks_share_a_page_of_another(walk_of):
    sections = [pages.section(walk_of(kind), f"walk-{kind}") for kind in ("image", "series")]
    for kind, section in zip(("image", "series"), sections, strict=True):
        assert f'id="walk-{kind}"' in section
        assert "data-everywhere" not in section
        assert "<h5" in section
        ids = re.findall(r' id="([^"]+)"', section)
        assert len(ids) == len(set(ids))
        assert all(one.startswith(f"walk-{kind}") for one in ids)
    assert "<script>" not in "".join(sections)
