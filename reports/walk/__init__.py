"""A walk: one item's way through a trained network, as an interactive HTML page that opens offline."""

from reports.walk.page import render, script, section, style, write

__all__ = ["render", "script", "section", "style", "write"]
