// Layers that treat each cell by itself.
import { choose } from "../choice.js";
import { plus, short } from "../numbers.js";
import { mapPicture } from "../plane.js";
import { plot } from "../plot.js";

export function drawNormalise(view) {
  const { map } = beforeAndAfter(view);
  view.say(`Of map ${map.channel + 1}, ${short(map.inputs[0], 4)} × ${short(map.factor, 4)}${plus(map.offset)} = ${short(map.output, 4)}: its largest cell, marked.`);
}

export function drawActivate(view) {
  const { change, map } = beforeAndAfter(view);
  plot(view.part("curve"), change.curve, { label: `The curve of ${change.name}`, across: "cell before", up: "cell after", at: [map.inputs[0], map.output], widest: 300, height: 220 });
  const none = change.lowered > 0 ? ` ${(100 * change.lowered).toFixed(0)}\u202f% of all cells of all ${change.channels} maps are zero now.` : "";
  view.say(`The largest cell of map ${map.channel + 1}, marked: ${short(map.inputs[0])} becomes ${short(map.output)}.${none}`);
}

// The change of a step, and the map that is chosen; in the row after the convolution all steps choose together.
export function chosenMap({ scene, state, step, redraw }) {
  const change = scene.changes[Number(step.dataset.place)];
  const key = change.follows ? "filter" : `change ${step.dataset.place}`;
  const chosen = Math.min(state.chosen[key] ?? 0, change.maps.length - 1);
  choose(step.querySelector(".walk-filters"), change.maps.map(({ channel }) => `${channel + 1}`), chosen, (i) => {
    state.chosen[key] = i;
    redraw();
  });
  return { change, map: change.maps[chosen] };
}

function beforeAndAfter(view) {
  const found = chosenMap(view);
  const { map } = found;
  const mark = [...map.cell, 1, 1];
  const pictures = {};
  const both = (row, column) => Object.values(pictures).forEach((picture) => picture.mark([row, column, 1, 1]));
  for (const side of ["before", "after"]) {
    pictures[side] = mapPicture(view.part(side), map[side], { label: `Map ${map.channel + 1}, ${side}`, look: view.scene.look, cell: 14, widest: 340, mark, onCell: both });
  }
  return found;
}
