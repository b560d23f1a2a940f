"""Run records to one HTML page: offline, inert, for newcomers and specialists."""

from reports.page import render, write

__all__ = ["render", "write"]
