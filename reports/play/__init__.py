"""Pages on networks that act."""
