"""A Dask cluster as an executor."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from training.errors import ExperimentError

ANSWER = 10.0  # seconds that a scheduler has to answer
COME_UP = 60.0  # seconds that a first worker has to come up


@contextmanager
def dask(scheduler: str) -> Iterator[tuple[Executor, int]]:
    """Connect to a Dask scheduler.

    Its workers do one run at a time each, whatever number of threads they have, and must
    share the disk of the cache folder with this process. Whoever reaches a scheduler can
    run programs on it: keep it to a network that you trust.

    Parameters
    ----------
    scheduler : str
        Its address, such as ``tcp://10.0.0.1:8786``.

    Yields
    ------
    concurrent.futures.Executor, int
        And the number of workers that it has now.

    Raises
    ------
    ExperimentError
        If Dask is not installed, or nothing answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ExperimentError("--scheduler: expected Dask; install it with: pip install 'gridzoo[dask]'") from None
    try:
        client = Client(scheduler, timeout=ANSWER)
    except (OSError, TimeoutError, ValueError) as error:
        raise ExperimentError(
            f"--scheduler: expected a Dask scheduler such as tcp://10.0.0.1:8786, got {scheduler!r}: {error}"
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=COME_UP)
        except TimeoutError:
            raise ExperimentError(f"--scheduler: {scheduler} has no workers; start 'dask worker {scheduler}'") from None
        yield client.get_executor(), len(client.scheduler_info(n_workers=-1)["workers"])
