// Pooling, window by window.
import { write } from "../../../learn/assets/dom.js";
import { short } from "../numbers.js";
import { mapPicture } from "../plane.js";
import { chosenMap } from "./change.js";

const INTERVAL = 450;

export function drawPool(view) {
  const { change, map } = chosenMap(view);
  const whole = map.before.size.every((size, axis) => size === change.size[axis]);
  const cell = whole ? 14 : 22;
  const before = mapPicture(view.part("before"), map.before, { label: `Map ${map.channel + 1}, before`, look: view.scene.look, cell, widest: 460 });
  const go = (row, column) => {
    const area = windowOf(change, map, row, column);
    before.mark(area);
    after.mark([row, column, 1, 1]);
    view.say(sentence(change, map, area, map.after.values[row - map.after.start[0]][column - map.after.start[1]], whole));
  };
  const after = mapPicture(view.part("after"), map.after, { label: `Map ${map.channel + 1}, after`, look: view.scene.look, cell: whole ? 60 : 22, widest: whole ? 120 : 460, onCell: go });
  go(...map.cell);
  const play = view.part("play");
  if (play) play.onclick = () => run(view, map, go, play);
}

// The part of a window that lies on the map: [row, column, height, width].
function windowOf({ size, stride, before }, map, row, column) {
  const first = [row, column].map((at, axis) => at * stride[axis] - before[axis]);
  const start = first.map((at) => Math.max(0, at));
  const end = first.map((at, axis) => Math.min(map.before.size[axis], at + size[axis]));
  return [...start, end[0] - start[0], end[1] - start[1]];
}

function sentence(change, map, [row, column, height, width], result, whole) {
  const how = change.name === "max" ? "the largest" : "the average";
  if (whole) return `Of all ${height * width} cells of map ${map.channel + 1}, ${how} is ${short(result)}.`;
  if (map.before.every.some((step) => step > 1)) return `Of ${height * width} cells, ${how} is ${short(result)}.`;
  const top = [row - map.before.start[0], column - map.before.start[1]];
  const cells = map.before.values.slice(top[0], top[0] + height).flatMap((line) => line.slice(top[1], top[1] + width));
  const all = cells.length <= 12 ? `${cells.map((value) => short(value, 2)).join(", ")}: ` : "";
  return `${all}${how} of ${cells.length} cells is ${short(result)}.`;
}

function run(view, map, go, button) {
  const { start, values } = map.after;
  const places = values.flatMap((line, i) => line.map((_, j) => [start[0] + i, start[1] + j]));
  if (button.textContent === "Pause" || matchMedia("(prefers-reduced-motion: reduce)").matches) return view.state.stop();
  let at = 0;
  const timer = setInterval(() => (at < places.length ? go(...places[at++]) : view.state.stop()), INTERVAL);
  view.state.stop = () => {
    clearInterval(timer);
    write(button, "Play");
  };
  write(button, "Pause");
}
