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

  // A board has a field for words and menus for columns; a row stays if it fits them all.
  function filter(board) {
    const groups = groupsOf(document.getElementById(board).tBodies[0]);
    const controls = [...document.querySelectorAll(`[data-filters="${board}"]`)].filter((control) => control.value);
    const menus = controls.filter((control) => control.dataset.by);
    const words = controls.filter((control) => !control.dataset.by).flatMap((control) => control.value.toLowerCase().split(/\s+/));
    const kept = groups.filter((rows) => {
      const text = rows.map((row) => row.textContent.toLowerCase()).join(" ");
      const fits = words.every((word) => text.includes(word)) && menus.every(({ dataset, value }) => rows[0].dataset[dataset.by] === value);
      rows.forEach((row) => { row.hidden = !fits; });
      return fits;
    });
    document.querySelector(`[data-counts="${board}"]`).textContent = controls.length ? `${kept.length} of ${groups.length} rows` : "";
  }

  document.querySelectorAll("th[data-sort] button").forEach((button) => button.addEventListener("click", () => sort(button.parentElement)));
  document.querySelectorAll("[data-filters]").forEach((control) => control.addEventListener("input", () => filter(control.dataset.filters)));

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
  // The library lies in the page compressed. As a script its text must match the policy's hash.
  let unpacking;
  const plotly = () => unpacking ??= (async () => {
    const packed = atob(document.getElementById("plotly").textContent);
    const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
    const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
    document.body.append(Object.assign(document.createElement("script"), { textContent: text }));
  })();
  const charts = JSON.parse(document.getElementById("figures").textContent);

  function coloured(data, style) {
    if (typeof data === "string") return data.startsWith("var(--") ? style.getPropertyValue(data.slice(4, -1)).trim() : data;
    if (Array.isArray(data)) return data.map((part) => coloured(part, style));
    if (data && typeof data === "object") return Object.fromEntries(Object.entries(data).map(([key, part]) => [key, coloured(part, style)]));
    return data;
  }

  const axis = (own) => ({ gridcolor: "var(--line)", zerolinecolor: "var(--line)", linecolor: "var(--rail)", automargin: true, fixedrange: true, ...own });

  // Paper is light: what is printed takes the colours of the first rule, whatever the screen shows.
  const screen = () => getComputedStyle(document.documentElement);
  const paper = () => document.styleSheets[0].cssRules[0].style;

  function draw(place, style = screen()) {
    const index = place.querySelector("select")?.selectedIndex ?? 0;
    const own = charts[place.dataset.figures][index];
    const panels = place.querySelector(".panels");
    while (panels.children.length < own.figures.length) panels.append(Object.assign(document.createElement("div"), { className: "panel" }));
    while (panels.children.length > own.figures.length) panels.lastChild.remove();
    own.figures.forEach((figure, number) => {
      const layout = {
        paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", autosize: true, margin: { l: 56, r: 12, t: 28, b: 44 },
        font: { family: "system-ui, sans-serif", size: 12, color: "var(--ink)" }, hoverlabel: { bgcolor: "var(--sheet)", bordercolor: "var(--rail)", font: { color: "var(--ink)" } },
        legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" }, ...figure.layout, xaxis: axis(figure.layout.xaxis), yaxis: axis(figure.layout.yaxis),
      };
      panels.children[number].style.height = `${layout.height}px`;  // holds its place while Plotly resizes
      Plotly.react(panels.children[number], coloured(figure.data, style), coloured(layout, style), { displayModeBar: false, responsive: true });
    });
    place.querySelector("figcaption").textContent = own.alt;
    place.querySelectorAll("svg.main-svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
    const lists = document.querySelectorAll(`[data-items-of="${place.dataset.figures}"]`);
    if (lists.length) reveal(panels.firstChild, lists, index);
    place.dataset.drawn = "yes";
  }

  // A click on a cell of a confusion matrix leads to its items.
  function reveal(panel, lists, index) {
    lists.forEach((list) => { list.hidden = Number(list.dataset.choice) !== index; });
    panel.removeAllListeners("plotly_click");
    panel.on("plotly_click", ({ points: [point] }) => {
      const list = [...lists].find((one) => !one.hidden);
      const items = list?.querySelector(`[data-cell="${point.y},${point.x}"]`);
      if (!items) return;
      list.open = true;
      items.scrollIntoView({ block: "center" });
      items.focus({ preventScroll: true });
    });
  }

  const places = [...document.querySelectorAll("[data-figures]")];
  const drawn = () => places.filter((place) => place.dataset.drawn);
  const ready = () => typeof Plotly !== "undefined";
  async function show(place) {
    try {
      await plotly();
      draw(place);
    } catch (error) {
      place.querySelector(".panels").textContent = "This browser cannot draw the chart; its words follow.";
      place.dataset.drawn = "";
    }
  }
  const near = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
    near.unobserve(entry.target);
    show(entry.target);
  }), { rootMargin: "800px" });
  places.forEach((place) => {
    near.observe(place);
    place.querySelector("select")?.addEventListener("change", () => show(place));
  });
  if (places.length) addEventListener("load", () => setTimeout(plotly, 300));  // so that printing need not wait for it
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn().forEach((place) => draw(place)));
  document.addEventListener("toggle", ({ target }) => drawn().filter((place) => target.open && target.contains(place)).forEach((place) => draw(place)), true);
  addEventListener("beforeprint", () => { if (ready()) places.forEach((place) => draw(place, paper())); });
  addEventListener("afterprint", () => { if (ready()) places.forEach((place) => draw(place)); });
})();
