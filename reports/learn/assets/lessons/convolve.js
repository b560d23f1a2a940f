import { lesson, number, player } from "../dom.js";
import { FEATURES, PICTURES, filtered } from "../story.js";
import { gridPicture, onCell } from "../svg.js";

const PLACES = 7;

function draw({ picture, feature, place }, { part, say }) {
  const map = filtered(PICTURES[picture], FEATURES[feature]);
  const [row, column] = [Math.floor((place - 1) / PLACES), (place - 1) % PLACES];
  gridPicture(part("picture"), PICTURES[picture], { kind: "ink", label: `Picture: ${picture}`, mark: [row, column, 3, 3] });
  gridPicture(part("map"), map, { kind: "signed", label: "Filtered map", cell: 42, numbers: true, mark: [row, column, 1, 1], upTo: place });
  const perfect = map.flat().slice(0, place).filter((value) => value === 1).length;
  say(`Row ${row + 1}, column ${column + 1}: a match of ${number(map[row][column])}. Perfect matches so far: ${perfect}.`);
}

export function startConvolve() {
  const self = lesson("convolve", draw);
  player(self, "play", "place", 90);
  onCell(self.part("map"), (row, column) => {
    self.control("place").value = row * PLACES + column + 1;
    self.update();
  });
  self.update();
}
