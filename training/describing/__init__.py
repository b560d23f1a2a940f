"""What records say beyond one row a cell; the package itself imports nothing."""
