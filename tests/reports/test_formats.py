"""Markdown, JSON and CSV say what the page says, and names from data stay text in each."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

import reports
from reports.escape import finite
from reports.evidence import digest, evidence, unsealed
from reports.markdown import markdown, plain
from reports.plain import as_csv, as_json
from training.chapters import Chapter
from training.describing.across import across

GOLDEN = Path(__file__).with_name("golden")


@pytest.fixture(scope="module")
def chapters(example_chapters: ModuleType) -> list[Chapter]:
    return list(example_chapters.ordinary()[:1])


@pytest.mark.parametrize("form", ["md", "json"])
def test_the_report_is_the_one_that_was_read_and_agreed(chapters: list[Chapter], form: str) -> None:
    """After a wanted change: GRIDZOO_GOLDEN=1 pytest tests/reports/test_formats.py, then read the difference."""
    path = GOLDEN / f"report.{form}"
    text = reports.FORMATS[form](chapters, "Spoken digits", "gridzoo compare fsdd", across(chapters))
    if os.environ.get("GRIDZOO_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_json_holds_every_record_with_the_hash_of_its_file(chapters: list[Chapter]) -> None:
    data = json.loads(as_json(chapters))
    told = {record["key"]: record["sha256"] for record in data["chapters"][0]["records"]}
    assert told == {record.run.key: digest(record) for record in chapters[0].records}
    assert sum(cell["planned"] for cell in data["chapters"][0]["cells"]) == len(chapters[0].plan.runs)


def test_csv_has_one_row_a_cell_that_adds_up_to_the_plan(chapters: list[Chapter]) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(chapters))))
    assert len(rows) == len(chapters[0].cells)
    assert sum(int(row["planned"]) for row in rows) == len(chapters[0].plan.runs)
    best = next(row for row in rows if row["minus_best"] == "")
    assert float(best["accuracy"]) == pytest.approx(chapters[0].cells[0].mean)


def test_no_spreadsheet_takes_a_name_for_a_formula(chapters: list[Chapter]) -> None:
    cell = replace(chapters[0].cells[0], model="=HYPERLINK(1)", adapter="@x", reasons=["-1+2"])
    row = next(csv.DictReader(io.StringIO(as_csv([replace(chapters[0], cells=[cell])]))))
    assert (row["model"], row["adapter"], row["reasons"]) == ("'=HYPERLINK(1)", "'@x", "'-1+2")


def test_hostile_names_stay_text_in_markdown(example_chapters: ModuleType) -> None:
    chapters = example_chapters.hostile()
    text = markdown(chapters, title=example_chapters.HOSTILE[0])
    assert "<" not in re.sub("`[^`]*`", "", text).replace("p < 0.001", "")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    lengths = {len(re.findall(r"(?<!\\)\|", line)) for line in rows}
    assert lengths <= {8, 13}  # the overview and the leaderboards: no name adds a column


def test_plain_text_keeps_one_line_and_calls_nobody() -> None:
    assert plain("a\n# b | `c` @team") == "a \\# b \\| \\`c\\` &#64;team"


@pytest.mark.parametrize("form", list(reports.FORMATS))
@pytest.mark.parametrize("kind", ["ordinary", "hostile", "poor"])
def test_every_form_can_say_everything(example_chapters: ModuleType, tmp_path: Path, form: str, kind: str) -> None:
    chapters = getattr(example_chapters, kind)()
    path = reports.write(chapters, tmp_path / f"report.{form}", across=across(chapters), form=form)
    assert path.stat().st_size > 100
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_an_unknown_form_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected one of html, md, json, csv, got 'pdf'"):
        reports.write([], tmp_path / "x", form="pdf")


def test_a_page_carries_the_hash_of_every_record_and_notices_a_change(chapters: list[Chapter]) -> None:
    page = reports.render(chapters)
    found, intact = unsealed(page)
    assert intact
    assert found == json.loads(json.dumps(finite(evidence(chapters))))
    assert not unsealed(page.replace("97.", "99.", 1))[1]


@pytest.mark.parametrize("page", ["", "<p>", '<script type="application/json" id="evidence">{"schema": 9}</script>'])
def test_what_is_no_report_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        unsealed(page)
