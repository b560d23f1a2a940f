"""Networks that act: games as grids, and learners that get better at them by trying."""
