"""Sounds as grids."""
