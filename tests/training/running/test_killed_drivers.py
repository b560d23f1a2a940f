"""Drivers are killed by SIGKILL; the next one ends with the records of an undisturbed run, and does nothing twice."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from training.errors import ExperimentError
from training.lock import locked

ENVIRONMENT = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}


def kills(tmp_path, *how):
    program = Path(__file__).with_name("doomed_driver.py")
    environment = {**ENVIRONMENT, "GRIDZOO_CACHE": str(tmp_path / "cache")}
    told = subprocess.run(
        [sys.executable, program, tmp_path, *how], env=environment, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    return [json.loads(line) for line in told.stdout.splitlines()]


def check(kill):
    assert kill["same"]
    assert kill["repeated"] == []
    assert kill["orphans"] == []
    assert kill["leftovers"] == []


def test_at_thirty_random_moments(tmp_path):
    found = kills(tmp_path, "moments", "30")
    assert len(found) == 30
    for kill in found:
        check(kill)
    # Kills before the first record or after the last one would show little.
    assert sum(0 < kill["kept"] < 20 for kill in found) >= 15


def test_before_and_after_each_step_of_every_write(tmp_path):
    found = kills(tmp_path, "writes")
    assert len(found) > 20
    assert [kill["finished"] for kill in found] == [False] * (len(found) - 1) + [True]
    for kill in found:
        check(kill)
    assert {kill["kept"] for kill in found} == {0, 1, 2, 3, 4}


def test_a_second_driver_is_refused_and_told_who_is_at_work(tmp_path):
    with locked(tmp_path):
        with pytest.raises(ExperimentError, match=rf"process {os.getpid()} on .* \(since 20"), locked(tmp_path):
            pass
        refused = []
        thread = threading.Thread(target=lambda: refused.append(_refused(tmp_path)))
        thread.start()
        thread.join()
        assert refused == [True]
    with locked(tmp_path):
        pass


def _refused(folder):
    try:
        with locked(folder):
            return False
    except ExperimentError:
        return True


def test_the_lock_of_a_killed_process_is_free(tmp_path):
    program = textwrap.dedent("""
        import sys, time
        from pathlib import Path
        from training.lock import locked
        with locked(Path(sys.argv[1])):
            print("held", flush=True)
            time.sleep(600)
    """)
    holder = subprocess.Popen([sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(ExperimentError, match=f"process {holder.pid} on"), locked(tmp_path):
        pass
    holder.kill()
    holder.communicate()
    with locked(tmp_path):
        pass


def test_a_forked_child_does_not_hold_the_lock(tmp_path):
    told, tell = os.pipe()
    with locked(tmp_path):
        child = os.fork()
        if child == 0:
            os.write(tell, b".")  # it is up, and has let go of what it inherited
            time.sleep(30)
            os._exit(0)
        os.read(told, 1)
    try:
        with locked(tmp_path):
            pass
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
