// Maps of cells: painted where they have rows, drawn as a line or as columns where they have one.
import { paint, palette } from "../../learn/assets/paint.js";
import { add, canvas, roomFor } from "../../learn/assets/svg.js";
import { onPoint } from "./hover.js";
import { most, short } from "./numbers.js";

const FLAT = { turned: false, upwards: false };
const [LINE_HEIGHT, PAD, FEW] = [190, 26, 32];

// Rows and columns as they lie on the screen: time from left to right, what has a unit rises.
export function layOut(values, { turned, upwards }) {
  const rows = turned ? values[0].map((_, j) => values.map((row) => row[j])) : values;
  return upwards ? [...rows].reverse() : rows;
}

// `mark` is [row, column, height, width] in cells of the whole map; `name` says what a cell is called.
export function mapPicture(place, plane, { label, look = FLAT, cell = 14, widest = 420, tallest = 380, upTo, mark, name = cellName, value = short, onCell = () => {} }) {
  const top = upTo ?? most(plane.values);
  place.classList.toggle("walk-grow", plane.size[0] === 1 && plane.size[1] > 1);
  if (plane.size.every((size) => size === 1)) return onlyNumber(place, plane.values[0][0]);
  if (plane.size[0] === 1) return rowPicture(place, plane, { label, widest, mark, name, value, onCell });
  const shown = layOut(plane.values, look);
  const [rows, columns] = [shown.length, shown[0].length];
  const box = document.createElement("div");
  box.className = "walk-picture";
  const width = Math.min(columns * Math.max(cell, Math.min(40, 260 / columns)), widest, (tallest * columns) / rows);
  box.style.width = `${Math.max(4, Math.round(width))}px`;
  box.style.aspectRatio = `${columns} / ${rows}`;
  const cells = document.createElement("canvas");
  cells.setAttribute("role", "img");
  cells.setAttribute("aria-label", `${label}: ${plane.size.join(" × ")} cells, ${range(plane.values)}`);
  paint(cells, shown, "signed", top, palette());
  box.append(cells);
  place.replaceChildren(box);
  const frame = overlay(box, rows, columns);
  const self = { mark: (area) => drawMark(frame, area && onScreen(area, plane, look, rows, columns)) };
  self.mark(mark);
  onPoint(box, (x, y) => {
    const [row, column] = native(Math.floor(y * rows), Math.floor(x * columns), plane, look, rows);
    onCell(row, column);
    return `${name(row, column)}: ${value(plane.values[(row - plane.start[0]) / plane.every[0]][(column - plane.start[1]) / plane.every[1]])}`;
  });
  return self;
}

export function cellName(row, column) {
  return `row ${row + 1}, column ${column + 1}`;
}

export function range(values) {
  const all = values.flat();
  return `from ${short(Math.min(...all))} to ${short(Math.max(...all))}`;
}

// A place for a drawing, under its caption.
export function captioned(place, text) {
  const block = document.createElement("div");
  const caption = document.createElement("p");
  caption.className = "walk-caption";
  caption.textContent = text;
  const inside = document.createElement("div");
  block.append(caption, inside);
  place.append(block);
  return inside;
}

// A map of a single cell is its number.
function onlyNumber(place, value) {
  const text = document.createElement("b");
  text.className = "walk-value";
  text.textContent = short(value);
  place.replaceChildren(text);
  return { mark: () => {} };
}

function native(i, j, plane, look, rows) {
  const across = look.upwards ? rows - 1 - i : i;
  const [row, column] = look.turned ? [j, across] : [across, j];
  return [plane.start[0] + row * plane.every[0], plane.start[1] + column * plane.every[1]];
}

function onScreen([row, column, height, width], plane, look, rows) {
  let [y, x] = [(row - plane.start[0]) / plane.every[0], (column - plane.start[1]) / plane.every[1]];
  let [h, w] = [height / plane.every[0], width / plane.every[1]];
  if (look.turned) [x, y, w, h] = [y, x, h, w];
  return { x, y: look.upwards ? rows - y - h : y, width: w, height: h };
}

function overlay(box, rows, columns) {
  const holder = document.createElement("div");
  holder.className = "walk-over";
  box.append(holder);
  const frame = canvas(holder, columns, rows, "");
  frame.setAttribute("preserveAspectRatio", "none");
  frame.setAttribute("aria-hidden", "true");
  frame.removeAttribute("role");
  return frame;
}

function drawMark(frame, area) {
  frame.replaceChildren();
  if (!area) return;
  for (const kind of ["halo", "edge"]) add(frame, "rect", { ...area, class: kind, "vector-effect": "non-scaling-stroke" });
}

// One row: columns where they are few, else a line; zero is the thin line across.
function rowPicture(place, plane, { label, widest, mark, name, value, onCell }) {
  const [values] = plane.values;
  const width = roomFor(place, Math.max(widest, 520));
  const picture = canvas(place, width, LINE_HEIGHT, `${label}: ${plane.size[1]} cells, ${range(plane.values)}`);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const step = (width - 2 * PAD) / values.length;
  const y = (v) => LINE_HEIGHT - PAD / 2 - ((v - low) / (high - low || 1)) * (LINE_HEIGHT - PAD);
  const x = (column) => PAD * 1.6 + ((column - plane.start[1]) / plane.every[1]) * step;
  const under = add(picture, "g", {});
  add(picture, "line", { x1: x(plane.start[1]), x2: x(plane.start[1]) + step * values.length, y1: y(0), y2: y(0), class: "axis" });
  if (values.length <= FEW) columns(picture, values, (i) => x(plane.start[1] + i * plane.every[1]), step, y);
  else add(picture, "polyline", { points: values.map((v, i) => `${(x(plane.start[1] + i * plane.every[1]) + step / 2).toFixed(1)},${y(v).toFixed(1)}`).join(" "), class: "line" });
  for (const edge of new Set([low, high])) add(picture, "text", { x: PAD * 1.4, y: y(edge), class: "end tiny faint" }, short(edge, 2));
  const self = {
    mark(area) {
      under.replaceChildren();
      if (!area) return;
      add(under, "rect", { x: x(area[1]), y: 2, width: Math.max(3, (area[3] / plane.every[1]) * step), height: LINE_HEIGHT - 4, class: "seen" });
    },
  };
  self.mark(mark);
  onPoint(picture, (at) => {
    const i = Math.floor((at * width - PAD * 1.6) / step);
    if (i < 0 || i >= values.length) return "";
    const column = plane.start[1] + i * plane.every[1];
    onCell(0, column);
    return `${name(0, column)}: ${value(values[i])}`;
  });
  return self;
}

function columns(picture, values, x, step, y) {
  values.forEach((value, i) => {
    const [from, to] = [Math.min(y(0), y(value)), Math.max(y(0), y(value))];
    add(picture, "rect", { x: x(i) + 1, width: Math.max(1, step - 2), y: from, height: Math.max(0.5, to - from), class: value < 0 ? "negative" : "positive" });
  });
}
