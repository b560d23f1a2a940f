// What the first layer reads.
import { short } from "../numbers.js";
import { captioned, mapPicture } from "../plane.js";

export function drawReading({ scene, part }) {
  const { reading } = scene;
  const place = part("maps");
  place.replaceChildren();
  reading.maps.forEach((map, i) => {
    const value = (number) => (reading.mean.length ? `${short(number)}, scaled from ${short(number * reading.deviation[i] + reading.mean[i])}` : short(number));
    mapPicture(captioned(place, map.name && reading.maps.length > 1 ? map.name : ""), map.plane, {
      label: `What the network reads${map.name ? `, ${map.name}` : ""}`, look: map.name ? scene.look : undefined, cell: 26, widest: 640, name: inputName(scene, map), value,
    });
  });
}

// What a cell of the input is called: where it lies on the grid, or which number of which token it is.
export function inputName(scene, map) {
  const at = ({ cells }, index, size) => cells[Math.min(cells.length - 1, Math.floor((index * cells.length) / size))];
  const [first, second] = scene.axes;
  const [rows, columns] = map.plane.size;
  if (!map.name) return (row, column) => `${scene.reading.tokens[column] ? `“${scene.reading.tokens[column]}”` : at(first, column, columns)}, number ${row + 1}`;
  if (!second) return (_, column) => at(first, column, columns);
  return (row, column) => `${at(first, row, rows)}, ${at(second, column, columns)}`;
}
