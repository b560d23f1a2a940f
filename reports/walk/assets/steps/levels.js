// Stages and fully connected layers, small.
import { most } from "../numbers.js";
import { mapPicture } from "../plane.js";

const ACROSS = 32; // units a row

export function drawLevels({ step, scene }) {
  scene.levels.forEach((level, i) => {
    const strip = step.querySelector(`[data-level="${i}"]`);
    strip.replaceChildren();
    const upTo = Math.max(...level.maps.map(({ plane }) => most(plane.values)));
    for (const { name, plane } of level.maps) {
      const place = document.createElement("div");
      strip.append(place);
      if (level.shape.length) mapPicture(place, plane, { label: `${level.name}, ${name}`, look: scene.look, cell: 5, widest: 120, tallest: 110, upTo, name: (row, column) => `${name}, ${plane.size[0] > 1 ? `row ${row + 1}, column ${column + 1}` : `cell ${column + 1}`}` });
      else units(place, plane, level.name, "number");
    }
  });
}

export function drawHidden({ step, scene }) {
  scene.hidden.forEach((layer, i) => {
    const place = step.querySelector(`[data-hidden="${i}"]`);
    units(place, layer.values, layer.layer, "unit");
  });
}

// A long row of numbers, wrapped.
function units(place, plane, label, word) {
  const [values] = plane.values;
  const rows = Array.from({ length: Math.ceil(values.length / ACROSS) }, (_, i) => values.slice(i * ACROSS, (i + 1) * ACROSS));
  const width = Math.min(ACROSS, values.length);
  const wrapped = { values: rows.map((row) => [...row, ...Array(width - row.length).fill(0)]), size: [Math.max(2, rows.length), width], start: [0, 0], every: [1, 1] };
  mapPicture(place, wrapped, { label, cell: 20, widest: 640, name: (row, column) => `${word} ${(row * ACROSS + column) * plane.every[1] + 1}` });
}
