"""Errors as a person at a terminal should see them: one message, an exit code, no traceback."""

from __future__ import annotations

import functools
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import ParamSpec

import typer

P = ParamSpec("P")
REFUSED, CRASHED, INTERRUPTED = 2, 1, 130


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Turn errors of a command into messages and exit codes.

    2: the input cannot be used as asked, or a file cannot be read or written.
    130: Ctrl-C. 1: a fault of the program; the traceback goes to a file.
    """

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except typer.Exit:
            raise
        except KeyboardInterrupt:
            from gridzoo.commands.terminal import command_line

            _say(f"interrupted; finished runs are kept: the same command goes on from there: {command_line()}")
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:  # whatever it is, a user gets a message
            raise typer.Exit(_explain(error)) from None

    return run


def _explain(error: Exception) -> int:
    from adapters.errors import DataError
    from training.errors import ExperimentError, StoppedError
    from zoo.errors import ZooError

    if isinstance(error, (DataError, ExperimentError, StoppedError, ZooError)):
        _say(str(error))
        return REFUSED
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        _say(f"{place}{error.strerror or error}; check the path, its permissions and the free space")
        return REFUSED
    handle, path = tempfile.mkstemp(prefix="gridzoo-", suffix=".log", text=True)
    with os.fdopen(handle, "w", encoding="utf-8") as log:
        traceback.print_exception(error, file=log)
    _say(f"this is a fault of gridzoo, not of your data ({type(error).__name__}: {error}); details in {path}")
    return CRASHED


def _say(message: str) -> None:
    print(f"gridzoo: {message}", file=sys.stderr)
