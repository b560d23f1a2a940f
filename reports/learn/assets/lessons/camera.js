import { CLASSES, PATTERNS, WEIGHTS, error, forward, listensTo } from "../camera.js";
import { lesson, number, onClick } from "../dom.js";
import { add, canvas } from "../svg.js";
import { four, square } from "./neuron.js";

const COLUMNS = [4, 4, 4, 8, 4];
const HEADINGS = ["pixels", "pairs", "patterns", "light and dark", "answer"];
const [WIDTH, HEIGHT, LEFT, GAP] = [700, 450, 40, 145];
const ICON = 17;

const x = (layer) => LEFT + layer * GAP;
const y = (layer, i) => 40 + ((i + 0.5) * (HEIGHT - 50)) / COLUMNS[layer];

function draw(values, { part, say }) {
  const layers = forward(four(values, "pixel"), values.squash);
  const picture = canvas(part("network"), WIDTH, HEIGHT, "Network of four layers with the value of each neuron");
  HEADINGS.forEach((heading, layer) => add(picture, "text", { x: x(layer), y: 14, class: "faint" }, heading));
  WEIGHTS.forEach((weights, layer) => links(picture, weights, layer, layers[layer]));
  layers.forEach((cells, layer) => cells.forEach((value, i) => neuron(picture, layer, i, value)));
  const answer = layers.at(-1);
  const most = Math.max(...answer);
  const sure = answer.filter((value) => value === most).length === 1;
  const winner = answer.indexOf(most);
  const errors = sure ? ` If ${CLASSES[winner]} is true, the error is ${number(error(answer, CLASSES.map((_, i) => Number(i === winner))), 3)}.` : "";
  say(`${sure ? `The answer is ${CLASSES[winner]}` : "No pattern wins"}: ${CLASSES.map((name, i) => `${name} ${number(answer[i], 3)}`).join(", ")}.${errors}`);
}

function links(picture, weights, layer, inputs) {
  weights.forEach((row, from) =>
    row.forEach((weight, to) => {
      if (!weight) return;
      const busy = Math.min(1, Math.abs(inputs[from]));
      add(picture, "line", {
        x1: x(layer) + ICON, y1: y(layer, from), x2: x(layer + 1) - ICON, y2: y(layer + 1, to),
        class: `link ${weight < 0 ? "negative" : "positive"}`, "stroke-opacity": (0.2 + 0.8 * busy).toFixed(2), "stroke-width": 2,
      });
    }),
  );
}

// Its icon: the pixels it looks for in the first layers, a shade of its value after them.
function neuron(picture, layer, i, value) {
  const looks = layer === 1 || layer === 2 ? square(listensTo(layer)[i]) : layer === 0 ? square([0, 1, 2, 3].map((pixel) => Number(pixel === i))) : [[value]];
  const side = (2 * ICON) / looks.length;
  looks.forEach((row, j) =>
    row.forEach((look, k) => {
      const place = { x: x(layer) - ICON + k * side, y: y(layer, i) - ICON + j * side, width: side, height: side };
      add(picture, "rect", { ...place, class: "paper" });
      add(picture, "rect", { ...place, class: `cell ${look < 0 ? "negative" : "positive"}`, "fill-opacity": Math.min(1, Math.abs(look)).toFixed(2) });
    }),
  );
  const text = layer === 4 ? `${CLASSES[i]} ${number(value)}` : number(value);
  const beside = layer > 2; // eight neurons leave no room for numbers beneath them
  add(picture, "text", { x: x(layer) + (beside ? ICON + 6 : 0), y: y(layer, i) + (beside ? 0 : ICON + 10), class: beside ? "tiny start" : "tiny" }, text);
}

export function startCamera() {
  const self = lesson("camera", draw);
  const set = (pixels) => pixels.forEach((pixel, i) => (self.control(`pixel${i}`).value = pixel));
  for (const [name, pixels] of Object.entries(PATTERNS)) onClick(self, name, () => set(pixels));
  onClick(self, "swap", () => set([0, 1, 2, 3].map((i) => -Number(self.control(`pixel${i}`).value))));
  self.update();
}
