import { lesson, percent } from "../dom.js";
import { add, canvas } from "../svg.js";
import { ALPHABET, find, oneHot } from "../text.js";

const CELL = 16;
const LEFT = 22;

function draw({ text, find: pattern }, { part, say }) {
  const [grid, matches] = [oneHot(text), find(text, pattern)];
  const columns = Math.max(1, [...text].length);
  const picture = canvas(part("text"), LEFT + columns * CELL + 2, ALPHABET.length * CELL + 62, `Grid of the text: ${ALPHABET.length} rows, ${columns} columns`);
  [...ALPHABET].forEach((letter, row) => add(picture, "text", { x: 10, y: (row + 0.5) * CELL, class: "tiny faint" }, letter === " " ? "␣" : letter));
  grid.forEach((cells, row) => cells.forEach((value, column) => {
    const place = { x: LEFT + column * CELL, y: row * CELL, width: CELL, height: CELL };
    add(picture, "rect", { ...place, class: value ? "cell ink" : "paper" });
  }));
  [...text].forEach((letter, column) => add(picture, "text", { x: LEFT + (column + 0.5) * CELL, y: ALPHABET.length * CELL + 12, class: "off" }, letter));
  matches.forEach((value, column) => {
    const place = { x: LEFT + column * CELL, y: ALPHABET.length * CELL + 28, width: CELL, height: 26 };
    add(picture, "rect", { ...place, class: "paper" });
    add(picture, "rect", { ...place, class: "cell positive", "fill-opacity": value.toFixed(2) });
  });
  const top = Math.max(0, ...matches);
  const places = matches.flatMap((value, column) => (value === top && top > 0 ? [column + 1] : []));
  if (places.length && top === 1) places.forEach((column) => add(picture, "rect", { x: LEFT + (column - 1) * CELL, y: 0, width: [...pattern].length * CELL, height: ALPHABET.length * CELL, class: "mark" }));
  say(places.length ? `The best match of “${pattern}” is ${percent(top)} of its letters, at place ${places.join(", ")}.` : `“${pattern}” matches nowhere.`);
}

export function startText() {
  lesson("text", draw).update();
}
