"""What comes from data stays text: for Plotly's labels, for JSON inside a page, for the page's policy."""

from __future__ import annotations

import base64
import hashlib
import html
import math
from collections.abc import Mapping
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup


def plotly_text(text: str, limit: int = 28) -> str:
    """Make a label that Plotly draws literally; it would draw a subset of HTML otherwise.

    Parameters
    ----------
    text : str
        Anything that came from data.
    limit : int
        Longest label in characters; a longer one ends in an ellipsis.

    Examples
    --------
    >>> plotly_text("<b>bold</b>")
    '&lt;b&gt;bold&lt;/b&gt;'
    """
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    short = printable if len(printable) <= limit else printable[: limit - 1] + "…"
    return html.escape(short, quote=False)


def embedded_json(data: Any) -> Markup:
    """JSON that no browser takes for the end of its ``<script>`` element; numbers that JSON lacks become null."""
    return htmlsafe_json_dumps(finite(data), separators=(",", ":"), allow_nan=False)


def script_source(script: str) -> str:
    """Name an inline script in a Content-Security-Policy (CSP level 3, section 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def data_uri(mime: str, content: bytes) -> str:
    """Bytes as an address that needs no network (RFC 2397)."""
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


def finite(data: Any) -> Any:
    """Replace numbers that JSON lacks by null."""
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, Mapping):
        return {str(key): finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [finite(value) for value in data]
    return data
