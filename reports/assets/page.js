"use strict";
(() => {
  // Sorting and filtering. A row of reasons belongs to the row above it and moves along.
  const groupsOf = (body) => [...body.rows].reduce((groups, row) => {
    if (row.classList.contains("reasons")) groups.at(-1).push(row);
    else groups.push([row]);
    return groups;
  }, []);

  const valueOf = (row, column, kind) => {
    const cell = row.cells[column];
    return kind === "number" ? Number(cell.dataset.value) : cell.textContent.trim().toLowerCase();
  };

  function sort(heading) {
    const table = heading.closest("table");
    const kind = heading.dataset.sort;
    const first = kind === "number" ? "descending" : "ascending";
    const other = kind === "number" ? "ascending" : "descending";
    const order = heading.getAttribute("aria-sort") === first ? other : first;
    const sign = order === "ascending" ? 1 : -1;
    const groups = groupsOf(table.tBodies[0]);
    groups.sort(([a], [b]) => {
      const [left, right] = [valueOf(a, heading.cellIndex, kind), valueOf(b, heading.cellIndex, kind)];
      return sign * (kind === "number" ? left - right : left.localeCompare(right, undefined, { numeric: true }));
    });
    table.tBodies[0].append(...groups.flat());
    table.querySelectorAll("th[data-sort]").forEach((th) => th.setAttribute("aria-sort", th === heading ? order : "none"));
  }

  function filter(input) {
    const groups = groupsOf(document.getElementById(input.dataset.filters).tBodies[0]);
    const words = input.value.toLowerCase().split(/\s+/);
    const kept = groups.filter((rows) => {
      const text = rows.map((row) => row.textContent.toLowerCase()).join(" ");
      const fits = words.every((word) => text.includes(word));
      rows.forEach((row) => { row.hidden = !fits; });
      return fits;
    });
    const counter = document.querySelector(`[data-counts="${input.dataset.filters}"]`);
    counter.textContent = input.value ? `${kept.length} of ${groups.length} rows` : "";
  }

  document.querySelectorAll("th[data-sort] button").forEach((button) => button.addEventListener("click", () => sort(button.parentElement)));
  document.querySelectorAll("input[data-filters]").forEach((input) => input.addEventListener("input", () => filter(input)));

  // Explanations: the glossary's words in a bubble, on hover and on keyboard focus.
  const bubble = document.getElementById("bubble");
  const hide = () => { bubble.hidden = true; };
  function explain(event) {
    const term = event.target.closest && event.target.closest(".term");
    if (!term) return;
    bubble.textContent = document.getElementById(term.getAttribute("aria-describedby")).textContent;
    bubble.hidden = false;
    const place = term.getBoundingClientRect();
    const size = bubble.getBoundingClientRect();
    const below = place.bottom + 8;
    bubble.style.left = `${Math.max(16, Math.min(place.left, document.documentElement.clientWidth - size.width - 16))}px`;
    bubble.style.top = `${below + size.height < innerHeight ? below : place.top - size.height - 8}px`;
  }
  ["pointerover", "focusin"].forEach((name) => document.addEventListener(name, explain));
  ["pointerout", "focusout", "scroll"].forEach((name) => document.addEventListener(name, hide, { passive: true }));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });

  // Charts: drawn when they come near the window, again when the colour scheme changes.
  const charts = JSON.parse(document.getElementById("figures").textContent);

  function coloured(data, style) {
    if (typeof data === "string") return data.startsWith("var(--") ? style.getPropertyValue(data.slice(4, -1)).trim() : data;
    if (Array.isArray(data)) return data.map((part) => coloured(part, style));
    if (data && typeof data === "object") return Object.fromEntries(Object.entries(data).map(([key, part]) => [key, coloured(part, style)]));
    return data;
  }

  const axis = (own) => ({ gridcolor: "var(--line)", zerolinecolor: "var(--line)", linecolor: "var(--rail)", automargin: true, fixedrange: true, ...own });

  function draw(place) {
    const own = charts[place.dataset.figures][place.querySelector("select")?.selectedIndex ?? 0];
    const panels = place.querySelector(".panels");
    while (panels.children.length < own.figures.length) panels.append(Object.assign(document.createElement("div"), { className: "panel" }));
    while (panels.children.length > own.figures.length) panels.lastChild.remove();
    const style = getComputedStyle(document.documentElement);
    own.figures.forEach((figure, index) => {
      const layout = {
        paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", autosize: true, margin: { l: 56, r: 12, t: 28, b: 44 },
        font: { family: "system-ui, sans-serif", size: 12, color: "var(--ink)" }, hoverlabel: { bgcolor: "var(--sheet)", bordercolor: "var(--rail)", font: { color: "var(--ink)" } },
        legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" }, ...figure.layout, xaxis: axis(figure.layout.xaxis), yaxis: axis(figure.layout.yaxis),
      };
      Plotly.react(panels.children[index], coloured(figure.data, style), coloured(layout, style), { displayModeBar: false, responsive: true });
    });
    place.querySelector("figcaption").textContent = own.alt;
    place.querySelectorAll("svg.main-svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
    place.dataset.drawn = "yes";
  }

  const places = [...document.querySelectorAll("[data-figures]")];
  const near = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
    near.unobserve(entry.target);
    draw(entry.target);
  }), { rootMargin: "800px" });
  places.forEach((place) => {
    near.observe(place);
    place.querySelector("select")?.addEventListener("change", () => draw(place));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => places.filter((place) => place.dataset.drawn).forEach(draw));
  addEventListener("beforeprint", () => places.filter((place) => !place.dataset.drawn).forEach(draw));
})();
