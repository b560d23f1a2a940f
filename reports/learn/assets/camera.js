// The four-pixel camera of "How deep neural networks work" (Brandon Rohrer, 2017).
import { dense } from "./layers.js";

export const CLASSES = ["solid", "vertical", "diagonal", "horizontal"];
// Pixels in the order of the slides: top left, top right, bottom right, bottom left. White is 1, black is -1.
export const NEURON = { pixels: [0.5, 0, -0.75, 0.75], weights: [-0.2, 0, 0.8, -0.5] };
export const PATTERNS = {
  solid: [1, 1, 1, 1],
  vertical: [-1, 1, 1, -1],
  diagonal: [-1, 1, -1, 1],
  horizontal: [1, 1, -1, -1],
};

// A value and its opposite for each of four inputs: only one of the two passes the rectifier.
const BOTH_WAYS = [0, 1, 2, 3].map((input) => Array.from({ length: 8 }, (_, i) => (i >> 1 === input ? 1 - 2 * (i & 1) : 0)));

// Weights from each layer to the next: one row for each input, one column for each output.
// The last neuron of the second layer is as its picture on the slides, not as its edges, has it.
export const WEIGHTS = [
  [[1, 0, 1, 0], [0, 1, 0, 1], [0, 1, 0, -1], [1, 0, -1, 0]],
  [[1, -1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, -1, 1]],
  BOTH_WAYS,
  transpose(BOTH_WAYS.map((row) => row.map(Math.abs))),
];

export const SQUASHES = { tanh: Math.tanh, none: (value) => value };
const rectify = (value) => Math.max(0, value);

// Values of every layer, the pixels first.
export function forward(pixels, squash) {
  const bend = SQUASHES[squash];
  const bends = [bend, bend, rectify, (value) => value];
  const layers = [pixels];
  WEIGHTS.forEach((weights, i) => layers.push(dense(layers[i], weights).map(bends[i])));
  return layers;
}

// Which pixels each neuron of the first two layers listens to: what its value would be without squashing.
export function listensTo(layer) {
  const seen = [0, 1, 2, 3].map((pixel) => {
    let values = [0, 1, 2, 3].map((i) => (i === pixel ? 1 : 0));
    for (const weights of WEIGHTS.slice(0, layer)) values = dense(values, weights);
    return values;
  });
  return transpose(seen);
}

export function neuron(pixels, weights) {
  return pixels.reduce((sum, pixel, i) => sum + pixel * weights[i], 0);
}

// How far an answer is from the truth: 1 for the right class, 0 for the others.
export function error(answer, truth) {
  return answer.reduce((sum, value, i) => sum + Math.abs(value - truth[i]), 0);
}

function transpose(table) {
  return table[0].map((_, column) => table.map((row) => row[column]));
}
