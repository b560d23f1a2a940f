"""Modules join into one script in the order that they need each other, or not at all."""

from __future__ import annotations

import pytest

from reports.learn.bundle import bundle


def test_a_module_comes_after_what_it_imports_wherever_it_stands() -> None:
    script = bundle(
        {
            "lessons/first": 'import { two } from "../numbers.js";\nconst seen = two();',
            "numbers": "export function two() {\n  return 2;\n}\nfunction hidden() {}",
        },
        "page",
    )
    assert script.index('page["numbers"]') < script.index('page["lessons/first"]')
    assert 'const { two } = page["numbers"];' in script
    assert "return { two };" in script
    assert "import" not in script
    assert "export" not in script


@pytest.mark.parametrize(
    ("modules", "complaint"),
    [
        ({"a": 'import b from "./b.js";', "b": "export const b = 1;"}, "plain form"),
        ({"a": "export default 1;"}, "plain form"),
        ({"a": "export { x };"}, "plain form"),
        ({"a": 'const m = 1;\nimport "./b.js";', "b": ""}, "plain form"),
        ({"a": 'import { x } from "./b.js";', "b": "const x = 1;"}, "x to be exported by b.js"),
        ({"a": 'import { x } from "./nowhere.js";'}, "x to be exported by nowhere.js"),
        (
            {
                "a": 'import { b } from "./b.js";\nexport const a = 1;',
                "b": 'import { a } from "./a.js";\nexport const b = 1;',
            },
            "circle",
        ),
    ],
)
def test_what_cannot_be_joined_is_refused(modules: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        bundle(modules, "page")
