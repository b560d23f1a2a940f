"""Game boards as grids."""
