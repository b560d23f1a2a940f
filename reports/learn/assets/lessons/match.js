import { lesson, number } from "../dom.js";
import { match } from "../layers.js";
import { FEATURES, PICTURES } from "../story.js";
import { gridPicture, onCell } from "../svg.js";

const PLACES = 7;

function draw({ picture, feature, place }, { part, say }) {
  const [cells, part3] = [PICTURES[picture], FEATURES[feature]];
  const [row, column] = [Math.floor(place / PLACES), place % PLACES];
  const under = cells.slice(row, row + 3).map((line) => line.slice(column, column + 3));
  const products = under.map((line, i) => line.map((value, j) => value * part3[i][j]));
  const differs = cells.map((line, i) => line.map((value, j) => value !== PICTURES.X[i][j]));
  gridPicture(part("picture"), cells, { kind: "ink", label: `Picture: ${picture}`, mark: [row, column, 3, 3], dots: differs });
  gridPicture(part("window"), under, { kind: "ink", label: "Cells under the window", cell: 36, numbers: true });
  gridPicture(part("feature"), part3, { kind: "ink", label: `Feature: ${feature}`, cell: 36, numbers: true });
  gridPicture(part("products"), products, { kind: "signed", label: "Products", cell: 36, numbers: true });
  const sum = match(cells, part3, row, column);
  const literal = differs.flat().filter(Boolean).length;
  const compared = literal ? `Cell by cell, ${literal} of 81 cells differ from the straight X. ` : "";
  say(`${compared}Here ${(sum + 9) / 2} of 9 cells agree: the products add up to ${number(sum, 0)}, divided by 9 that is a match of ${number(sum / 9)}.`);
}

export function startMatch() {
  const self = lesson("match", draw);
  onCell(self.part("picture"), (row, column) => {
    const near = (cell) => Math.min(PLACES - 1, Math.max(0, cell - 1));
    self.control("place").value = near(row) * PLACES + near(column);
    self.update();
  });
  self.update();
}
