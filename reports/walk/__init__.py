"""A walk: one item's way through a trained network, as an interactive HTML page that opens offline."""

from reports.walk.page import render, write
from reports.walk.section import script, section, style

__all__ = ["render", "script", "section", "style", "write"]
