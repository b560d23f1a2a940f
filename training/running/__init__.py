"""Do runs in worker processes and lose none; the package itself imports nothing."""
