"""Run records to one HTML page: offline, inert, for newcomers and specialists; or to Markdown, JSON, CSV."""

from reports.formats import FORMATS, write
from reports.page import render

__all__ = ["FORMATS", "render", "write"]
