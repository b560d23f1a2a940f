// A filter at its best match, and at every place.
import { gridPicture } from "../../../learn/assets/svg.js";
import { choose } from "../choice.js";
import { onPoint } from "../hover.js";
import { alike, most, plus, short } from "../numbers.js";
import { captioned, layOut, mapPicture } from "../plane.js";
import { inputName } from "./reading.js";

export function drawMatch(view) {
  const { scene, part, say } = view;
  const filter = chooseFilter(view);
  const { matching } = scene;
  const place = part("maps");
  place.replaceChildren();
  matching.inputs.forEach((map) => {
    mapPicture(captioned(place, map.name && matching.inputs.length > 1 ? map.name : "the cells, and the window"), map.plane, {
      label: "What the filter is laid on", look: lookOf(scene, map), cell: 14, widest: 336, tallest: 320, mark: windowOf(matching, filter.start, map), name: nameOf(scene, map),
    });
  });
  const products = part("product");
  products.replaceChildren();
  filter.slices.forEach((slice) => drawSlice(products, slice, scene.look, matching.channels));
  const sum = filter.slices.reduce((total, { under, weights }) => total + dot(under, weights), 0);
  const shown = filter.slices.reduce((count, { names, under }) => count + (under.length === names.length ? names.length : 1), 0);
  const rest = shown < matching.channels ? `${plus(filter.rest)} (the other ${matching.channels - shown} of ${matching.channels} channels)` : "";
  say(`All products added: ${short(sum, 4)}${rest}${plus(filter.bias)} (bias) = ${short(filter.value, 4)}`);
}

export function drawMap(view) {
  const { scene, part, say } = view;
  const filter = chooseFilter(view);
  const { matching } = scene;
  const [map] = matching.inputs;
  const before = mapPicture(part("before"), map.plane, { label: "What the filter is laid on", look: lookOf(scene, map), cell: 14, widest: 380, name: nameOf(scene, map) });
  const go = (row, column) => {
    const start = [row, column].map((at, axis) => at * matching.stride[axis] - matching.before[axis]);
    before.mark(windowOf(matching, start, map));
    after.mark([row, column, 1, 1]);
  };
  const after = mapPicture(part("after"), filter.plane, { label: `Filtered map ${filter.channel + 1}`, look: scene.look, cell: 14, widest: 380, onCell: go });
  go(...filter.cell);
  say(`Filter ${filter.channel + 1} makes a map of ${filter.plane.size.filter((size, axis) => axis || size > 1).join(" × ")} cells. Its best match, ${short(filter.value)}, is marked.${matching.stride.some((step) => step > 1) ? ` The window goes ${matching.stride.join(" and ")} cells at a time.` : ""}`);
}

// The filters' buttons; gives the one that is chosen.
export function chooseFilter({ scene, state, step, redraw }) {
  const { filters } = scene.matching;
  const chosen = state.chosen.filter ?? 0;
  const pictures = filters.map(({ slices }) => layOut(slices[0].weights, slices[0].under.length > 1 ? scene.look : { turned: false, upwards: false }));
  choose(step.querySelector(".walk-filters"), filters.map(({ channel }) => `${channel + 1}`), chosen, (i) => {
    state.chosen.filter = i;
    redraw();
  }, pictures);
  return filters[chosen];
}

function lookOf(scene, map) {
  return map.name ? scene.look : undefined;
}

function nameOf(scene, map) {
  return scene.matching.prepared.length ? undefined : inputName(scene, map);
}

function windowOf({ kernel, dilation }, [row, column], map) {
  const [height, width] = kernel.map((size, axis) => dilation[axis] * (size - 1) + 1);
  return map.name ? [row, column, height, width] : [0, column, map.plane.size[0], width];
}

function dot(a, b) {
  return a.reduce((sum, row, i) => sum + row.reduce((own, value, j) => own + value * b[i][j], 0), 0);
}

function drawSlice(place, { names, under, weights }, look, channels) {
  const product = under.map((row, i) => row.map((value, j) => value * weights[i][j]));
  const [flat, matrix] = [under.length === 1 || names.length > 1, names.length > 1];
  const block = document.createElement("div");
  block.className = under.length === 1 ? "walk-slice down" : "walk-slice";
  place.append(block);
  const heading = channels > 1 && !matrix ? `${names[0]}: ` : "";
  const room = under.length === 1 || place.clientWidth < 480 ? Math.min(640, place.clientWidth) : (place.clientWidth - (matrix ? 140 : 44)) / 3;
  const cell = Math.max(8, Math.min(matrix ? 40 : 48, Math.floor(room / (look.turned && !flat ? under.length : under[0].length))));
  if (matrix) rowNames(captioned(block, "\u00a0"), names, cell);
  for (const [caption, values] of [[`${heading}cells`, under], ["× weights", weights], ["= products", product]]) {
    numbers(captioned(block, caption), flat ? values : layOut(values, look), caption, matrix ? names : [], cell);
  }
}

function rowNames(place, names, cell) {
  const list = document.createElement("ol");
  list.className = "walk-names";
  list.append(...names.map((name) => {
    const row = document.createElement("li");
    row.style.height = `${cell}px`;
    row.textContent = name;
    return row;
  }));
  place.append(list);
}

function numbers(place, values, label, names, cell) {
  gridPicture(place, values, { kind: "signed", label: `${label}, ${values.length} × ${values[0].length}`, cell, numbers: cell >= 34, most: most(values), text: alike(most(values)) });
  onPoint(place.firstChild, (x, y) => {
    const [row, column] = [Math.floor(y * values.length), Math.floor(x * values[0].length)];
    return `${names[row] ? `${names[row]}: ` : ""}${short(values[row][column], 6)}`;
  });
}
