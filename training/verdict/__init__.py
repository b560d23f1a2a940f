"""Is a CNN the right tool? Arms, baselines and tests; the package itself imports nothing."""
