import { SQUASHES, neuron } from "../camera.js";
import { lesson, number } from "../dom.js";
import { add, canvas, gridPicture } from "../svg.js";

export const four = (values, name) => [0, 1, 2, 3].map((i) => values[`${name}${i}`]);
// The slides count pixels around the picture, grids row by row.
export const square = ([topLeft, topRight, bottomRight, bottomLeft]) => [[topLeft, topRight], [bottomLeft, bottomRight]];

function draw(values, { part, say }) {
  const [pixels, weights] = [four(values, "pixel"), four(values, "weight")];
  const sum = neuron(pixels, weights);
  const squashed = SQUASHES.tanh(sum);
  gridPicture(part("pixels"), square(pixels), { kind: "signed", label: "Pixels", cell: 64, numbers: true });
  gridPicture(part("weights"), square(weights), { kind: "signed", label: "Weights", cell: 64, numbers: true });
  curve(part("squash"), sum, squashed);
  const terms = pixels.map((pixel, i) => `${bracketed(pixel)} × ${bracketed(weights[i])}`).join(" + ");
  say(`${terms} = ${number(sum, 3)}, squashed to ${number(squashed, 3)}.`);
}

const bracketed = (value) => (value < 0 ? `(${number(value)})` : number(value));

function curve(place, sum, squashed) {
  const picture = canvas(place, 260, 130, `Hyperbolic tangent of ${number(sum, 3)}`);
  const at = (x, y) => [130 + x * 32, 65 - y * 52];
  const points = Array.from({ length: 81 }, (_, i) => at(i / 10 - 4, Math.tanh(i / 10 - 4)));
  add(picture, "line", { x1: 2, y1: 65, x2: 258, y2: 65, class: "axis" });
  add(picture, "line", { x1: 130, y1: 5, x2: 130, y2: 125, class: "axis" });
  add(picture, "polyline", { points: points.join(" "), class: "line" });
  const [x, y] = at(sum, squashed);
  add(picture, "line", { x1: x, y1: 65, x2: x, y2: y, class: "guide" });
  add(picture, "circle", { cx: x, cy: y, r: 6, class: "point" });
}

export function startNeuron() {
  lesson("neuron", draw).update();
}
