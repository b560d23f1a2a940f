"""Texts as grids."""
