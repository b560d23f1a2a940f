"""Weights without gradients: genetic algorithm and CMA-ES; the package itself imports nothing."""
