// Drawings as SVG, made anew each time: colours come from the style sheet and follow its scheme.
import { number } from "./dom.js";

const SPACE = "http://www.w3.org/2000/svg";

export function canvas(place, width, height, label) {
  const picture = document.createElementNS(SPACE, "svg");
  const settings = { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label };
  for (const [name, value] of Object.entries(settings)) picture.setAttribute(name, value);
  place.replaceChildren(picture);
  return picture;
}

export function add(parent, tag, settings, text) {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(settings)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

// A drawing as wide as its place allows, so that its letters keep their size on a phone.
export function roomFor(place, most) {
  return Math.max(300, Math.min(most, place.clientWidth));
}

// A grid of cells. `kind` is "ink" (paper is -1) or "signed" (nothing is 0); `mark` is [row, column, height, width].
// `most` is the value of full colour; `text` writes a number.
export function gridPicture(place, map, { kind, label, cell = 26, numbers = false, mark, dots, upTo = Infinity, most = 1, text = plain }) {
  const picture = canvas(place, map[0].length * cell + 2, map.length * cell + 2, label);
  map.forEach((row, i) =>
    row.forEach((value, j) => {
      if (i * row.length + j >= upTo) return add(picture, "rect", { ...box(i, j, 1, 1, cell), class: "empty" });
      drawCell(picture, box(i, j, 1, 1, cell), value, kind, numbers, most, text);
      if (dots?.[i][j]) add(picture, "circle", { cx: (j + 0.5) * cell + 1, cy: (i + 0.5) * cell + 1, r: cell / 7, class: "dot" });
    }),
  );
  if (mark) add(picture, "rect", { ...box(...mark, cell), class: "mark" });
  return picture;
}

function drawCell(picture, place, value, kind, numbers, most, text) {
  const strength = kind === "ink" ? (value + 1) / 2 : Math.min(1, Math.abs(value) / most);
  const colour = kind === "ink" ? "ink" : value < 0 ? "negative" : "positive";
  add(picture, "rect", { ...place, class: "paper" });
  add(picture, "rect", { ...place, class: `cell ${colour}`, "fill-opacity": strength.toFixed(3) });
  if (!numbers) return;
  const middle = { x: place.x + place.width / 2, y: place.y + place.height / 2, "font-size": (place.width * 0.29).toFixed(1) };
  add(picture, "text", { ...middle, class: strength > 0.7 ? "on" : "off" }, text(value));
}

function plain(value) {
  return number(value, Number.isInteger(value) ? 0 : 2);
}

function box(row, column, height, width, cell) {
  return { x: column * cell + 1, y: row * cell + 1, width: width * cell, height: height * cell };
}

// Tells which cell of the grid inside `place` is pressed or dragged over.
export function onCell(place, action) {
  const find = (event) => {
    const picture = place.querySelector("svg");
    const [cells] = picture.querySelectorAll("rect");
    const size = Number(cells.getAttribute("width"));
    const frame = picture.getBoundingClientRect();
    const scale = picture.viewBox.baseVal.width / frame.width;
    const [row, column] = [(event.clientY - frame.top) * scale, (event.clientX - frame.left) * scale].map((at) => Math.floor((at - 1) / size));
    const inside = row >= 0 && column >= 0 && row < Math.floor(picture.viewBox.baseVal.height / size) && column < Math.floor(picture.viewBox.baseVal.width / size);
    if (inside) action(row, column);
  };
  place.classList.add("pressable");
  place.addEventListener("pointerdown", find);
  place.addEventListener("pointermove", (event) => event.buttons && find(event));
}
