"""The folder that an experiment lives in: plans, data cards, records and insights as JSON files."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from training.chapters import DataCard, Plan
from training.errors import StoppedError
from training.explain.insight import Insight
from training.records import SCHEMA, Record, Run, canonical

PARTS = ("plans", "cards", "records", "insights")
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write_atomically(path: Path, text: str) -> None:
    """Write a file that is either wholly there or not at all, even after a power cut.

    Raises
    ------
    OSError
        If it cannot be written; names the file, and nothing of it is left.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


def file_name(name: str) -> str:
    """Make a file name of a data set's name, the same for the same name and only for it."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-")[:60]
    return plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


class RunFolder:
    """A folder of plans, data cards, records, and looks inside networks.

    ::

        plans/<dataset>.json   cards/<dataset>.json   records/<key>.json   insights/<dataset>.json

    Parameters
    ----------
    path : path
        Made if it does not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self) -> None:
        """Make the folders.

        Raises
        ------
        OSError
            If the place cannot be written.
        """
        for part in PARTS:
            (self.path / part).mkdir(parents=True, exist_ok=True)

    def sweep(self) -> None:
        """Remove half-written files of a driver that was killed; for the holder of the lock."""
        for part in PARTS:
            for leftover in (self.path / part).glob(".*.tmp"):
                leftover.unlink(missing_ok=True)

    @contextlib.contextmanager
    def telling_when_full(self) -> Iterator[None]:
        """Say what is safe and how to go on if there is no room on a disk.

        Raises
        ------
        StoppedError
        """
        try:
            yield
        except OSError as error:
            if error.errno not in FULL:
                raise
            finished = sum(1 for _ in (self.path / "records").glob("*.json"))
            raise StoppedError(
                f"{error.filename or self.path}: {error.strerror}. The {finished} records in {self.path} are whole "
                "and safe; what was under way is lost. Make room, and the same command goes on from there"
            ) from error

    def write_record(self, record: Record) -> None:
        """Write one record, wholly or not at all."""
        write_atomically(self.path / "records" / f"{record.run.key}.json", canonical(record.to_json()))

    def write_card(self, card: DataCard) -> None:
        """Write what reports say about a data set."""
        write_atomically(self.path / "cards" / f"{file_name(card.name)}.json", canonical(card.to_json()))

    def write_plan(self, plan: Plan) -> None:
        """Write what an experiment set out to do."""
        write_atomically(
            self.path / "plans" / f"{file_name(plan.dataset)}.json", canonical({"schema": SCHEMA, **asdict(plan)})
        )

    def record(self, run: Run) -> Record | None:
        """Read the record of a run; None if there is none, or if it is damaged (it is then run again)."""
        try:
            return Record.from_json(orjson.loads(_bytes(f"{self.path}/records/{run.key}.json")), run)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def records(self, plan: Plan) -> list[Record]:
        """Read the records of a plan, as far as there are any."""
        return [record for run in plan.runs if (record := self.record(run)) is not None]

    def card(self, dataset: str) -> DataCard:
        """Read the card of a data set."""
        return DataCard.from_json(_load(self.path / "cards" / f"{file_name(dataset)}.json"))

    def write_insight(self, dataset: str, insight: Insight) -> None:
        """Write what lies inside a network."""
        write_atomically(self.path / "insights" / f"{file_name(dataset)}.json", canonical(insight.to_json()))

    def insight(self, plan: Plan) -> Insight | None:
        """Read what lies inside a network of a plan; None if there is nothing, or nothing whole.

        What is damaged, or is of a run that is no longer planned, is looked at again.
        """
        try:
            found = Insight.from_json(_load(self.path / "insights" / f"{file_name(plan.dataset)}.json"))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if found.key in plan.keys else None

    def plans(self) -> Iterator[Plan]:
        """Read the plans, by data set."""
        for path in sorted((self.path / "plans").glob("*.json")):
            data = _load(path)
            if data.pop("schema", None) != SCHEMA:
                raise ValueError(f"{path}: expected a plan of schema {SCHEMA}")
            yield Plan(**{**data, "runs": [Run(**run) for run in data["runs"]]})


def _bytes(path: str) -> bytes:
    """Read a file; a file object would take as long again, and there are thousands."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, os.fstat(descriptor).st_size)
    finally:
        os.close(descriptor)


def _load(path: Path) -> dict[str, Any]:
    data = orjson.loads(path.read_bytes())
    if not isinstance(data, dict):
        raise ValueError(f"{path}: expected a JSON object, got {type(data).__name__}")
    return data
