// The trained network, layer by layer. Its weights come with the page.
import { convolve, dense, flatten, maxPool, relu, softmax, sum } from "./layers.js";

const FORWARD = {
  conv: (stack, { kernels }) => kernels.map((kernel) => sum(stack.map((map, i) => convolve(map, kernel[i])))),
  relu: (stack) => stack.map(relu),
  pool: (stack) => stack.map((map) => maxPool(map, 2, 2)),
  votes: (stack, { weights }) => dense(flatten(stack), weights),
};

// Weights as Keras keeps them become tables: for votes one row an input, for convolutions kernels[out][in][row][column].
export function load(data) {
  const layers = data.layers.map((layer) => {
    if (!layer.weights) return layer;
    const numbers = new Float32Array(Uint8Array.from(atob(layer.weights), (letter) => letter.charCodeAt(0)).buffer);
    if (layer.kind === "votes") return { ...layer, weights: rows(numbers, layer.shape[1]) };
    const [height, width, inputs, outputs] = layer.shape;
    const at = (i, j, input, output) => numbers[((i * width + j) * inputs + input) * outputs + output];
    const kernel = (output) => range(inputs).map((input) => range(height).map((i) => range(width).map((j) => at(i, j, input, output))));
    return { ...layer, kernels: range(outputs).map(kernel) };
  });
  return { ...data, layers };
}

// What every layer makes of a grid of ink: a list of stacks, then logits and probabilities.
export function run(network, ink) {
  let stack = [ink.map((row) => row.map((value) => (value - network.mean) / network.deviation))];
  const stacks = [stack];
  for (const layer of network.layers) {
    stack = FORWARD[layer.kind](stack, layer);
    stacks.push(stack);
  }
  return { stacks: stacks.slice(0, -1), logits: stack, probabilities: softmax(stack) };
}

const range = (count) => Array.from({ length: count }, (_, i) => i);

function rows(numbers, width) {
  return range(numbers.length / width).map((i) => Array.from(numbers.subarray(i * width, (i + 1) * width)));
}
