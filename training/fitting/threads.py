"""How many threads TensorFlow has: a process decides it once, before its first computation."""

from __future__ import annotations


class ThreadsError(Exception):
    """TensorFlow is at work already in this process, with another number of threads."""


def take_threads(count: int) -> None:
    """Give this process' TensorFlow so many threads.

    Raises
    ------
    ThreadsError
        If it is at work with another number already; it takes no other then.
    """
    import tensorflow as tf  # here: planning a run does not wait for it

    threading = tf.config.threading
    try:
        threading.set_intra_op_parallelism_threads(count)
        threading.set_inter_op_parallelism_threads(count)
    except RuntimeError:
        found = threading.get_intra_op_parallelism_threads() or "as many threads as there are cores"
        raise ThreadsError(
            f"expected a process whose TensorFlow has {count} threads or has not begun, got one with {found}"
        ) from None
