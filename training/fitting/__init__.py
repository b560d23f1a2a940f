"""Train one network by a recipe; the package itself imports nothing."""
