"""Join plain ES modules into one script, so that a page needs neither a server nor a build tool.

Each module becomes a function that runs once and gives what it exports. Modules may write
``import { a, b } from "./other.js"`` on one line and put ``export`` before a function or
a const; anything else is refused.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "(\.[\w./-]+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:function|const) (\w+))", re.MULTILINE)
LEFT_OVER = re.compile(r"^\s*(?:import|export)\b.*$", re.MULTILINE)


def bundle(modules: Mapping[str, str], name: str) -> str:
    """Join modules, each after those that it imports.

    Parameters
    ----------
    modules : mapping of str to str
        Sources by path without ending, such as ``"lessons/match"``.
    name : str
        The global object that the modules' exports are kept in, for a curious reader.

    Returns
    -------
    str
        A classic script.

    Raises
    ------
    ValueError
        If a module imports or exports in another way, imports what is not there, or
        imports itself by way of others.

    Examples
    --------
    >>> print(bundle({"a": "export const one = 1;", "b": 'import { one } from "./a.js";'}, "page"))
    "use strict";
    globalThis.page = {};
    page["a"] = (() => {
    const one = 1;
    return { one };
    })();
    page["b"] = (() => {
    const { one } = page["a"];
    return {  };
    })();
    """
    needs = {path: imported(path, source) for path, source in modules.items()}
    for path, others in needs.items():
        for other, names in others.items():
            lacking = set(names) - set(EXPORT.findall(modules.get(other, "")))
            if lacking:
                raise ValueError(f"{path}.js: expected {', '.join(sorted(lacking))} to be exported by {other}.js")
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise ValueError(f"modules import each other in a circle: {' → '.join(error.args[1])}") from None
    return "\n".join(['"use strict";', f"globalThis.{name} = {{}};", *(_wrapped(p, modules[p], name) for p in order)])


def imported(path: str, source: str) -> dict[str, list[str]]:
    """Name the modules that one imports, and what from each."""
    folder = posixpath.dirname(path)
    return {
        posixpath.normpath(posixpath.join(folder, other)): names.split(", ") for names, other in IMPORT.findall(source)
    }


def _wrapped(path: str, source: str, name: str) -> str:
    folder = posixpath.dirname(path)

    def taken(found: re.Match[str]) -> str:
        other = posixpath.normpath(posixpath.join(folder, found[2]))
        return f'const {{ {found[1]} }} = {name}["{other}"];'

    body = EXPORT.sub("", IMPORT.sub(taken, source))
    if strange := LEFT_OVER.search(body):
        raise ValueError(f"{path}.js: expected imports and exports of the plain form, got {strange[0].strip()!r}")
    return f'{name}["{path}"] = (() => {{\n{body.strip()}\nreturn {{ {", ".join(EXPORT.findall(source))} }};\n}})();'
