"""Fit, tune and compare CNNs on grids; the package itself imports nothing."""
