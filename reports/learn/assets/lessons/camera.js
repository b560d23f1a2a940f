import { CLASSES, PATTERNS, WEIGHTS, error, forward, listensTo } from "../camera.js";
import { lesson, number, onClick } from "../dom.js";
import { add, canvas, roomFor } from "../svg.js";
import { four, square } from "./neuron.js";

const COLUMNS = [4, 4, 4, 8, 4];
const HEADINGS = ["pixels", "pairs", "patterns", "± split", "answer"];
const [WIDEST, HEIGHT, LEFT, RIGHT] = [700, 450, 24, 70];
// Half the side of an icon, and where the columns stand.
const plan = (width) => ({ icon: width < 500 ? 12 : 17, x: (layer) => LEFT + (layer * (width - LEFT - RIGHT)) / 4 });
const y = (layer, i) => 40 + ((i + 0.5) * (HEIGHT - 50)) / COLUMNS[layer];

function draw(values, { part, say }) {
  const layers = forward(four(values, "pixel"), values.squash);
  const width = roomFor(part("network"), WIDEST);
  const columns = plan(width);
  const picture = canvas(part("network"), width, HEIGHT, "Network of four layers with the value of each neuron");
  HEADINGS.forEach((heading, layer) => add(picture, "text", { x: columns.x(layer), y: 14, class: "tiny faint" }, heading));
  WEIGHTS.forEach((weights, layer) => links(picture, weights, layer, layers[layer], columns));
  layers.forEach((cells, layer) => cells.forEach((value, i) => neuron(picture, layer, i, value, columns)));
  const answer = layers.at(-1);
  const most = Math.max(...answer);
  const sure = answer.filter((value) => value === most).length === 1;
  const winner = answer.indexOf(most);
  const errors = sure ? ` If ${CLASSES[winner]} is true, the error is ${number(error(answer, CLASSES.map((_, i) => Number(i === winner))), 3)}.` : "";
  say(`${sure ? `The answer is ${CLASSES[winner]}` : "No pattern wins"}: ${CLASSES.map((name, i) => `${name} ${number(answer[i], 3)}`).join(", ")}.${errors}`);
}

function links(picture, weights, layer, inputs, { icon, x }) {
  weights.forEach((row, from) =>
    row.forEach((weight, to) => {
      if (!weight) return;
      const busy = Math.min(1, Math.abs(inputs[from]));
      add(picture, "line", {
        x1: x(layer) + icon, y1: y(layer, from), x2: x(layer + 1) - icon, y2: y(layer + 1, to),
        class: `link ${weight < 0 ? "negative" : "positive"}`, "stroke-opacity": (0.2 + 0.8 * busy).toFixed(2), "stroke-width": 2,
      });
    }),
  );
}

// Its icon: the pixels it looks for in the first layers, a shade of its value after them.
function neuron(picture, layer, i, value, { icon, x }) {
  const looks = layer === 1 || layer === 2 ? square(listensTo(layer)[i]) : layer === 0 ? square([0, 1, 2, 3].map((pixel) => Number(pixel === i))) : [[value]];
  const side = (2 * icon) / looks.length;
  looks.forEach((row, j) =>
    row.forEach((look, k) => {
      const place = { x: x(layer) - icon + k * side, y: y(layer, i) - icon + j * side, width: side, height: side };
      add(picture, "rect", { ...place, class: "paper" });
      add(picture, "rect", { ...place, class: `cell ${look < 0 ? "negative" : "positive"}`, "fill-opacity": Math.min(1, Math.abs(look)).toFixed(2) });
    }),
  );
    const [right, middle, under] = [x(layer) + icon + 6, y(layer, i), y(layer, i) + icon + 10];
  // The last columns have room for numbers at their side only.
  if (layer < 3) add(picture, "text", { x: x(layer), y: under, class: "tiny" }, number(value));
  else add(picture, "text", { x: right, y: layer === 3 ? middle : middle - 7, class: "tiny start" }, number(value));
  if (layer === 4) add(picture, "text", { x: right, y: middle + 8, class: "tiny start" }, CLASSES[i]);
}

export function startCamera() {
  const self = lesson("camera", draw);
  const set = (pixels) => pixels.forEach((pixel, i) => (self.control(`pixel${i}`).value = pixel));
  for (const [name, pixels] of Object.entries(PATTERNS)) onClick(self, name, () => set(pixels));
  onClick(self, "swap", () => set([0, 1, 2, 3].map((i) => -Number(self.control(`pixel${i}`).value))));
  self.update();
}
