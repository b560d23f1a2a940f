"""Whatever bytes a file holds, its source gives data or says what it expected."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.audit import audit
from adapters.errors import DataError
from adapters.sources import registry

WORDS = {
    ".csv": ["label", "x", "a", "b", "1", "-2.5", "nan", ",", ";", "\t", "\n", "\r\n", '"', '""', "\0", "é", "", " "],
    ".jsonl": ['{"x":', '{"label": "a", "x": 1}', "\n", "}", "null", "1e999", "NaN", '"', "[", '\\ud800"', "{}", " "],
    ".ts": ["@classLabel true a b\n", "@data\n", "1", ",", ":", "a", "b", "\n", "?", "NaN", "inf", "1e999", "-", "#"],
    ".npz": ["PK\3\4", "PK\5\6", "\x93NUMPY", "\0", "X.npy", "y.npy", "\1\0"],
    ".parquet": ["PAR1", "\0", "\x15\4", "x"],
}


@pytest.mark.parametrize("ending", WORDS)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_data_or_an_explanation(ending: str, data: st.DataObject, tmp_path: Path):
    pieces = st.lists(st.sampled_from(WORDS[ending]).map(str.encode) | st.binary(max_size=8), max_size=40)
    path = tmp_path / f"a{ending}"
    path.write_bytes(b"".join(data.draw(pieces)))
    try:
        dataset = registry.load(path)
    except DataError as error:
        if "expected" not in str(error):
            raise AssertionError("expected an explanation") from error
    else:
        audit(dataset)
