import { random } from "../descent.js";
import { lesson, onClick, percent } from "../dom.js";
import { order, reordered } from "../shuffle.js";
import { drawnBy, inkOf, SIZE } from "../strokes.js";
import { add, canvas, roomFor } from "../svg.js";
import { paint, palette } from "../paint.js";

const PICTURE = inkOf(drawnBy("X", random(3)), { across: 0, down: 0, turn: 8, scale: 1.2, weight: 3, shade: 1 });
const TABLE = [
  ["name", "age", "city", "orders", "spent", "returns"],
  ["Ada", "41", "Lyon", "12", "340", "1"],
  ["Bo", "29", "Oslo", "3", "95", "0"],
  ["Cleo", "57", "Graz", "31", "1 210", "4"],
  ["Dev", "35", "Cork", "8", "220", "2"],
];
const NAMES = { drawings: "drawn X’s and O’s", digits: "handwritten digits", customers: "customers of a bank" };

const mean = (list) => list.reduce((a, b) => a + b) / list.length;
const original = { picture: [...PICTURE.keys()], table: [...TABLE[0].keys()] };
let places = original;

function draw(_, { part, say }) {
  paint(pictureCanvas(part("picture")), reordered(PICTURE, places.picture), "ink", 1, palette());
  part("table").replaceChildren(...reordered(TABLE, places.table).map(line));
  say(places === original ? "Both are as they were made." : "The same numbers, other places. The table can still be read; the picture cannot.");
}

function pictureCanvas(place) {
  const found = place.querySelector("canvas") ?? document.createElement("canvas");
  found.className = "shuffled";
  found.setAttribute("role", "img");
  found.setAttribute("aria-label", places === original ? "An X" : "An X with its columns shuffled");
  place.append(found);
  return found;
}

function line(texts, i) {
  const row = document.createElement("tr");
  for (const text of texts) {
    const cell = document.createElement(i ? "td" : "th");
    if (!i) cell.scope = "col";
    cell.textContent = text;
    row.append(cell);
  }
  return row;
}

// A dot for each test, a bar for their mean.
function results(place, rows) {
  const [width, height, left] = [roomFor(place, 640), 78, 70];
  const picture = canvas(place, width, rows.length * height + 24, rows.map(words).join(" "));
  const x = (share) => left + ((share - 0.4) / 0.6) * (width - left - 30);
  for (const share of [0.4, 0.6, 0.8, 1]) {
    add(picture, "line", { x1: x(share), y1: 0, x2: x(share), y2: rows.length * height, class: "axis" });
    add(picture, "text", { x: x(share), y: rows.length * height + 14, class: "tiny faint" }, `${100 * share} %`);
  }
  rows.forEach((row, i) => {
    add(picture, "text", { x: 0, y: i * height + 14, class: "off start" }, NAMES[row.name]);
    ["original", "shuffled"].forEach((arm, j) => {
      const y = i * height + 36 + 20 * j;
      add(picture, "text", { x: left - 10, y, class: "tiny faint end" }, arm === "original" ? "as it is" : "shuffled");
      row[arm].forEach((share) => add(picture, "circle", { cx: x(share), cy: y, r: 4, class: `result ${arm}` }));
      add(picture, "line", { x1: x(mean(row[arm])), y1: y - 8, x2: x(mean(row[arm])), y2: y + 8, class: `mean ${arm}` });
    });
  });
}

function words({ name, original: before, shuffled, difference, majority }) {
  const points = (value) => (100 * value).toFixed(1).replace("-", "−");
  return `${NAMES[name]}: ${percent(mean(before))} right as it is, ${percent(mean(shuffled))} shuffled. Difference ${points(difference.mean)} points, 95\u00a0% interval ${points(difference.low)} to ${points(difference.high)}. Always naming the most frequent class: ${percent(majority)}.`;
}

export function startShuffle(data) {
  const rows = data.results.filter((row) => row.architecture === "xo2");
  const self = lesson("shuffle", (values, own) => {
    draw(values, own);
    results(own.part("results"), rows);
  });
  self.part("words").append(...rows.map((row) => Object.assign(document.createElement("li"), { textContent: words(row) })));
  onClick(self, "shuffle", () => (places = { picture: order(SIZE, Math.random), table: order(TABLE[0].length, Math.random) }));
  onClick(self, "restore", () => (places = original));
  self.update();
}
