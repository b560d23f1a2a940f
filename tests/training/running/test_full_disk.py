"""No room on the disk: a clear stop, whole records, no half-written files."""

import errno
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from training.errors import StoppedError
from training.folder import RunFolder, write_atomically
from training.running.driver import resume, run_all
from training.running.lanes import Lanes


def run(tasks, folder):
    new = []
    _, missing = resume(tasks, folder)
    with folder.telling_when_full(), Lanes(lambda: ThreadPoolExecutor(1), 1) as lanes:
        run_all(missing, folder, lanes, new.append)
    return new


def whole(tasks, folder):
    names = {path.name for path in (folder.path / "records").iterdir()}
    assert names == {f"{task.run.key}.json" for task in tasks if folder.record(task.run)}
    return len(names)


@pytest.mark.parametrize("call", ["open", "write", "fsync", "replace"])
def test_at_each_step_of_a_write(tasks, folder, monkeypatch, call):
    run(tasks[:2], folder)

    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    class Full:
        """A file that opens and takes nothing."""

        def __init__(self, stream):
            self.stream = stream

        def __enter__(self):
            return self

        def __exit__(self, *error):
            self.stream.close()

        write = full

    with monkeypatch.context() as patch:
        opened = Path.open
        if call == "fsync":
            patch.setattr(os, "fsync", full)
        elif call == "replace":
            patch.setattr(Path, "replace", full)
        else:
            stand_in = full if call == "open" else lambda path, *how, **options: Full(opened(path, *how, **options))
            patch.setattr(
                Path,
                "open",
                lambda path, *how, **options: (stand_in if path.suffix == ".tmp" else opened)(path, *how, **options),
            )
        with pytest.raises(StoppedError) as stopped:
            run(tasks, folder)
    said = str(stopped.value)
    assert "No space left on device" in said
    assert str(folder.path / "records") in said
    assert "2 records" in said
    assert "same command goes on" in said
    assert whole(tasks, folder) == 2
    assert len(run(tasks, folder)) == 3  # there is room again


def test_on_a_disk_that_is_full(tasks, tmp_path):
    """A real one, of the size of a few records."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", place], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk takes rights that this user does not have")
    try:
        folder = RunFolder(place)
        folder.create()
        with pytest.raises(StoppedError, match="No space left on device"):
            run(tasks, folder)
        assert 1 <= whole(tasks, folder) < 5
    finally:
        subprocess.run(["umount", place], check=True)


def test_other_errors_are_not_taken_for_a_full_disk(folder):
    with pytest.raises(PermissionError), folder.telling_when_full():
        raise PermissionError(errno.EACCES, "Permission denied", "somewhere")


def test_what_a_killed_driver_left_half_written_is_swept(tasks, folder):
    run(tasks[:1], folder)
    for part in ("plans", "cards", "records"):
        (folder.path / part / ".half.json.123.tmp").write_text('{"sche')
    folder.sweep()
    assert not list(folder.path.rglob("*.tmp"))
    assert whole(tasks, folder) == 1


def test_an_error_names_the_file_that_was_meant(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"records\.json"):
        write_atomically(tmp_path / "file" / "records.json", "{}")
