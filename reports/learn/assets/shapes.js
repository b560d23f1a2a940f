// Sizes of a network from its hyperparameters: `depth` stages of convolution, ReLU and max pooling,
// all padded ("same"), then the mean of each map and one dense layer for ten classes.

const CLASSES = 10;

export function stagesOf({ size, channels, depth, width, kernel, stride, pool, doubling }) {
  const rows = [];
  let [cells, maps] = [size, channels];
  const view = { size: 1, jump: 1 };
  for (let stage = 1; stage <= depth; stage++) {
    const filters = doubling ? width * 2 ** (stage - 1) : width;
    cells = Math.ceil(cells / stride);
    const weights = kernel * kernel * maps * filters;
    rows.push({ stage, filters, convolved: cells, parameters: weights + filters, macs: weights * cells * cells });
    look(view, kernel, stride);
    cells = Math.ceil(cells / pool);
    look(view, pool, pool);
    maps = filters;
    Object.assign(rows.at(-1), { cells, field: view.size, jump: view.jump });
  }
  rows.push({ stage: "votes", filters: CLASSES, cells: 1, parameters: maps * CLASSES + CLASSES, macs: maps * CLASSES });
  return rows;
}

// A window of k cells sees k - 1 more cells than its middle, each a jump apart (Araujo, Norris and Sim 2019).
function look(view, window, step) {
  view.size += (window - 1) * view.jump;
  view.jump *= step;
}

export function total(rows, name) {
  return rows.reduce((sum, row) => sum + row[name], 0);
}
