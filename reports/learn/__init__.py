"""The lessons: how a CNN works, as one interactive HTML page that opens offline."""

from reports.learn.page import render, write

__all__ = ["render", "write"]
