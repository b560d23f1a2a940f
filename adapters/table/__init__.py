"""Rows of tables as grids."""
