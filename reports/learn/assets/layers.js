// The layers of a convolutional network, on plain arrays.
// A map is an array of rows; a stack is an array of maps.

// How well a feature matches one place: each cell times the cell beneath, added up.
export function match(map, feature, row, column) {
  let sum = 0;
  for (let i = 0; i < feature.length; i++) {
    for (let j = 0; j < feature[0].length; j++) sum += map[row + i][column + j] * feature[i][j];
  }
  return sum;
}

// A feature at every place where it lies wholly on the map ("valid"; no flip, as in Keras).
export function convolve(map, feature) {
  const rows = map.length - feature.length + 1;
  const columns = map[0].length - feature[0].length + 1;
  return grid(rows, columns, (i, j) => match(map, feature, i, j));
}

export function relu(map) {
  return map.map((row) => row.map((value) => Math.max(0, value)));
}

// The largest value of each window. Windows start at the first cell; those that reach past the
// end see what is left, so that sizes are rounded up.
export function maxPool(map, size, stride) {
  const count = (length) => Math.ceil(length / stride);
  return grid(count(map.length), count(map[0].length), (i, j) => {
    let most = -Infinity;
    for (const row of map.slice(i * stride, i * stride + size)) {
      for (const value of row.slice(j * stride, j * stride + size)) most = Math.max(most, value);
    }
    return most;
  });
}

// All cells in one list: map by map, row by row.
export function flatten(stack) {
  return stack.flat(2);
}

// Weights are given as one row for each input, one column for each output.
export function dense(inputs, weights) {
  return weights[0].map((_, output) => inputs.reduce((sum, value, i) => sum + value * weights[i][output], 0));
}

export function softmax(values) {
  const most = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

export function sum(maps) {
  return maps.reduce((total, map) => total.map((row, i) => row.map((value, j) => value + map[i][j])));
}

export function grid(rows, columns, cell) {
  return Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => cell(i, j)));
}
