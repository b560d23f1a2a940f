import { lesson, number } from "../dom.js";
import { PICTURES, stages, vote } from "../story.js";
import { gridPicture, onCell } from "../svg.js";

const own = PICTURES.X.map((row) => [...row]);
const cursor = { row: 4, column: 4 };
const LAYERS = [["filtered", "Filtered"], ["rectified", "Rectified"], ["pooled", "Pooled"], ["final", "Pooled again"]];
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function draw({ picture }, { part, say }) {
  const cells = picture === "own" ? own : PICTURES[picture];
  const found = stages(cells);
  gridPicture(part("picture"), cells, { kind: "ink", label: `Picture: ${picture}`, mark: [cursor.row, cursor.column, 1, 1] });
  const maps = part("maps");
  maps.replaceChildren(...LAYERS.map(([layer, heading]) => column(heading, found[layer])));
  say(`Twelve numbers are left: ${found.list.map((value) => number(value)).join(", ")}. Votes: X ${number(vote(found.list, "X"))}, O ${number(vote(found.list, "O"))}.`);
}

function column(heading, stack) {
  const block = document.createElement("div");
  const caption = document.createElement("p");
  caption.className = "caption";
  caption.textContent = `${heading}: 3\u00a0×\u00a0${stack[0].length}\u00a0×\u00a0${stack[0].length}`;
  block.append(caption, ...stack.map((map, i) => {
    const place = document.createElement("div");
    gridPicture(place, map, { kind: "signed", label: `${heading}, map ${i + 1}`, cell: { 7: 15, 4: 26, 2: 42 }[map.length], numbers: map.length < 3 });
    return place;
  }));
  return block;
}

export function startStack() {
  const self = lesson("stack", draw);
  const turn = (row, column) => {
    if (self.control("picture").value !== "own") {
      PICTURES[self.control("picture").value].forEach((line, i) => (own[i] = [...line]));
      self.control("picture").value = "own";
    }
    Object.assign(cursor, { row, column });
    own[row][column] *= -1;
    self.update();
  };
  const place = self.part("picture");
  place.tabIndex = 0;
  place.setAttribute("role", "application");
  place.setAttribute("aria-label", "Picture of 9 × 9 cells. Arrow keys move, Space turns a cell.");
  place.addEventListener("keydown", (event) => {
    if (event.key !== " " && !(event.key in ARROWS)) return;
    event.preventDefault();
    if (event.key === " ") return turn(cursor.row, cursor.column);
    const [down, right] = ARROWS[event.key];
    cursor.row = Math.min(8, Math.max(0, cursor.row + down));
    cursor.column = Math.min(8, Math.max(0, cursor.column + right));
    self.update();
    self.say(`Row ${cursor.row + 1}, column ${cursor.column + 1}.`);
  });
  let last = "";
  place.addEventListener("pointerdown", () => (last = ""), true);
  onCell(place, (row, column) => {
    if (last !== `${row} ${column}`) turn(row, column);
    last = `${row} ${column}`;
  });
  self.update();
}
