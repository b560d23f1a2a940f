"""What a page says of a split: the recommendation, the costs, the mistakes, the ranks, the searches."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reports
from reports.findings.costs import anytime, cheaper, front, log_ticks, pareto
from reports.findings.endurance import endurance
from reports.findings.mistakes import mistaken_pairs
from reports.findings.ranks import rank_diagram
from reports.findings.recommendation import recommendation
from reports.findings.reliability import class_table, group_table, reliabilities
from reports.roles import arm_name, pooled, role_of
from reports.searches import parallel
from reports.splits import SplitView
from reports.wording import compact
from training.answers import Control
from training.chapters import CellSummary
from training.describing.describe import described
from training.portraits import Ranking
from training.records import Strain


@pytest.fixture(scope="module")
def part(example_chapters: ModuleType) -> SplitView:
    chapter = example_chapters.ordinary()[0]
    return SplitView(chapter, "leave-one-group-out")


def cell_with(part: SplitView, **changes: object) -> CellSummary:
    return replace(part.cells[0], **changes)  # type: ignore[arg-type]


def plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "").replace("\u202f", " ")


def test_the_recommendation_is_the_verdicts_network_with_its_interval_and_costs(part: SplitView) -> None:
    found = recommendation(part)
    assert found is not None
    assert (found.network, found.adapter) == ("resnet20", "log_mel")
    assert plain(found.why_expected).startswith("95 % interval 75.9 % to 79.9 % (corrected resampled t over folds, 6")
    assert plain(found.running) == "1.68 ms an item on one core, 272 474 parameters, 40.8 million multiply-accumulates"


def test_what_would_change_the_advice_names_its_numbers(part: SplitView) -> None:
    found = recommendation(part)
    assert found is not None
    said = plain(" ".join(found.changes))
    assert "the CNN leads by at least 2.0 points" in said
    assert "The 1 run without a result" in said
    assert "only log_mel was tried" in said


def test_a_split_that_mixes_groups_says_so_and_one_that_does_not_is_silent(example_chapters: ModuleType) -> None:
    chapter = example_chapters.ordinary()[0]
    mixed = recommendation(SplitView(chapter, "official"))
    apart = replace(chapter.card, members=[0] * 120 + [1] * 600)
    clean = recommendation(SplitView(replace(chapter, card=apart), "official"))
    assert mixed is not None
    assert clean is not None
    assert any("is in training and in test" in plain(change) for change in mixed.changes)
    assert not any("is in training and in test" in plain(change) for change in clean.changes)


def test_a_cheaper_network_is_named_only_if_the_test_cannot_tell_it_apart(part: SplitView) -> None:
    lean = next(cell for cell in part.cells if cell.model == "lenet5 (tuned)" and cell.arm == "original")
    assert lean.to_best is not None
    fast = replace(lean, milliseconds_per_item=0.01, mean=part.cells[0].mean - 0.01)
    for p_value, expected in ((0.01, None), (0.4, fast.model)):
        tested = replace(fast, to_best=replace(lean.to_best, p_value=p_value))
        cells = [tested if cell == lean else cell for cell in part.chapter.cells]
        found = cheaper(SplitView(replace(part.chapter, cells=cells), part.split))
        assert (found.model if found else None) == expected


@given(st.lists(st.tuples(st.floats(0.1, 100), st.floats(0, 1)), min_size=1, max_size=20))
def test_no_model_beats_one_of_the_front_in_both(points: list[tuple[float, float]]) -> None:
    cells = [
        CellSummary("d", "s", "a", "cnn", str(i), "original", 1, 1, 0, [], [score], score, 0, 0, price)
        for i, (price, score) in enumerate(points)
    ]  # fmt: skip
    best = front(cells, lambda cell: cell.seconds)
    assert best
    for kept in best:
        assert not any(c.seconds <= kept.seconds and c.mean > kept.mean for c in cells)
    for cell in cells:
        assert any(kept.seconds <= cell.seconds and kept.mean >= cell.mean for kept in best)


def test_the_axes_and_the_negative_control_are_drawn_beside_the_arms(part: SplitView) -> None:
    verdict = part.verdict
    assert verdict is not None
    found = verdict.against_permuted
    assert found is not None
    controls = [Control("axis time", found, True), Control("blocks 4", found, None)]
    more = replace(verdict, controls=controls, negative=found)
    verdicts = [more if one == verdict else one for one in part.chapter.verdicts]
    chapter = replace(part.chapter, verdicts=verdicts)
    titles = {contrast.title: contrast.role for contrast in SplitView(chapter, part.split).contrasts}
    assert titles["grid minus CNN, time shuffled"] == "permuted"
    assert titles["grid minus CNN, blocks of 4 shuffled"] == "permuted"
    assert [title for title, role in titles.items() if role == "mlp"] == [
        "MLP: grid minus permuted cells, nothing if all is well"
    ]
    page = reports.render([chapter])
    assert all(title in page for title in titles)


def test_controls_are_no_models_to_choose(part: SplitView) -> None:
    names = [
        name for choice in pareto(part) for trace in choice.figures[0]["data"] for name in trace.get("hovertext", [])
    ]
    assert names
    assert not any("permuted" in name for name in names)


@given(st.floats(1e-3, 1e7), st.floats(1.02, 1e6))
def test_a_logarithmic_axis_has_a_mark_on_or_beside_any_span(low: float, ratio: float) -> None:
    high = low * ratio
    ticks = log_ticks(low, high)
    near = [value for value in ticks["tickvals"] if 0.79 * low <= value <= 1.21 * high]
    assert 1 <= len(near) <= 12
    assert len(ticks["ticktext"]) == len(ticks["tickvals"])


def test_the_anytime_curve_ends_with_all_the_time_there_was(part: SplitView) -> None:
    (choice,) = anytime(part)
    total = sum(r.cost.seconds for r in part.chapter.records if r.run.split == part.split)
    assert choice.figures[0]["data"][0]["x"][-1] == pytest.approx(total)


def test_every_wrong_prediction_is_behind_some_cell_of_the_matrix(part: SplitView) -> None:
    arm = part.arms[0]
    wrong = sum(t != p for r in part.records(arm.cell) for t, p in zip(r.truth, r.predicted, strict=True))
    pairs = mistaken_pairs(part, arm)
    assert sum(pair.count for pair in pairs) <= wrong
    assert pairs == sorted(pairs, key=lambda pair: -pair.count)
    assert all(pair.true != pair.predicted for pair in pairs)
    for pair in pairs:
        sure = [item.confidence for item in pair.named if item.confidence is not None]
        assert sure == sorted(sure, reverse=True)


def test_a_kept_item_is_drawn_behind_its_mistake(example_chapters: ModuleType) -> None:
    chapter = example_chapters.ordinary()[0]
    part = SplitView(chapter, "leave-one-group-out")
    drawn = [item for arm in part.arms for pair in mistaken_pairs(part, arm) for item in pair.shown]
    assert all(item.name.startswith("recordings/") for item in drawn)


def test_groups_and_classes_are_listed_the_hardest_first(part: SplitView) -> None:
    for table, rows in ((class_table(part), 10), (group_table(part), 6)):
        assert table is not None
        assert len(table.rows) == rows
        values = [row.marks[0][1].value for row in table.rows]
        assert values == sorted(values)
        assert [role for role, _ in table.rows[0].marks] == ["grid", "baseline"]


def test_models_without_probabilities_have_no_calibration(part: SplitView) -> None:
    assert [one.role for one in reliabilities(part)] == ["grid", "permuted"]


@pytest.mark.parametrize(
    ("kind", "arm", "role", "name"),
    [
        ("cnn", "original", "grid", "CNN"),
        ("cnn", "permuted", "permuted", "CNN, permuted"),
        ("cnn", "permuted 3", "permuted", "CNN, permuted 3"),
        ("cnn", "axis time", "permuted", "CNN, time shuffled"),
        ("cnn", "blocks 4", "permuted", "CNN, blocks of 4 shuffled"),
        ("cnn", "mlp", "mlp", "MLP of equal size"),
        ("cnn", "new idea", "permuted", "CNN, new idea"),
        ("baseline", "original", "baseline", "baseline"),
    ],
)
def test_arms_of_today_and_tomorrow_have_a_role_and_a_name(
    part: SplitView, kind: str, arm: str, role: str, name: str
) -> None:
    cell = cell_with(part, kind=kind, arm=arm)
    assert role_of(cell) == role
    assert plain(arm_name(cell)) == name


def test_several_orders_of_the_cells_are_one_control(part: SplitView) -> None:
    both = pooled(
        [cell_with(part, arm="permuted 0", scores=[0.4, 0.6]), cell_with(part, arm="permuted 1", scores=[0.8])]
    )
    assert both is not None
    assert (both.arm, both.scores, both.mean) == ("permuted", [0.4, 0.6, 0.8], pytest.approx(0.6))
    assert pooled([]) is None


def test_the_rank_diagram_joins_what_cannot_be_told_apart() -> None:
    diagram = rank_diagram(Ranking(["a", "b", "c", "d"], [1.2, 1.9, 2.9, 4.0], ["x"] * 9, 0.01, 1.1))
    assert [(round(3 * start + 1, 1), round(3 * end + 1, 1)) for start, end in diagram.bars] == [
        (1.2, 1.9),
        (1.9, 2.9),
        (2.9, 4.0),
    ]
    assert "the models differ (p = 0.010)" in diagram.words
    assert [model.row for model in diagram.models] == [1, 0, 2, 3]


def test_every_trial_is_a_line_and_the_best_is_the_brightest(part: SplitView) -> None:
    _, _, records, _ = part.searches[0]
    found = parallel(records)
    assert found is not None
    lines = found.figures[0]["data"]
    assert len(lines) == sum(len(record.trials) for record in records)
    assert lines[-1]["line"]["color"] == "#b5de2b"
    assert all(0 <= y <= 1 for line in lines for y in line["y"] if y is not None)
    assert parallel([]) is None


def test_robustness_is_drawn_only_where_it_was_asked_about(part: SplitView) -> None:
    assert endurance(part) == []
    changed = [
        Strain("shift along time", 4, "cells", 60, 120),
        Strain("noise", 1.0, "standard deviations", 30, 120),
    ]
    records = [
        replace(r, strains=changed) if r.run.arm == "original" and r.run.kind == "cnn" and r.status == "ok" else r
        for r in part.chapter.records
    ]
    (choice,) = endurance(SplitView(described(replace(part.chapter, records=records)), part.split))
    assert [figure["layout"]["title"]["text"] for figure in choice.figures] == ["shift along time", "noise"]
    assert choice.figures[0]["data"][0]["y"][1] == 0.5
    assert "at worst 25.0 % (noise, 1 standard deviations)" in plain(choice.alt)


def test_large_numbers_are_short() -> None:
    assert [plain(compact(n)) for n in (0, 999, 1000, 999_950, 41_200_000, 3e9)] == [
        "0",
        "999",
        "1 k",
        "1 M",
        "41.2 M",
        "3 G",
    ]
