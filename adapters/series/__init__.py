"""Time series as grids."""
