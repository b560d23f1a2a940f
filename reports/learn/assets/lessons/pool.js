import { lesson, number } from "../dom.js";
import { maxPool, relu } from "../layers.js";
import { FEATURES, PICTURES, filtered } from "../story.js";
import { gridPicture, onCell } from "../svg.js";

function draw({ feature, size, place, rectify }, { part, say, control }) {
  const map = filtered(PICTURES.X, FEATURES[feature]);
  const before = rectify ? relu(map) : map;
  const step = Number(size);
  const after = maxPool(before, step, step);
  const last = after.length ** 2 - 1;
  if (Number(control("place").max) !== last) control("place").max = last;
  const [row, column] = [Math.floor(Math.min(place, last) / after.length), Math.min(place, last) % after.length];
  const [height, width] = [row, column].map((at) => Math.min(step, map.length - at * step));
  gridPicture(part("before"), before, { kind: "signed", label: "Map before pooling", cell: 42, numbers: true, mark: [row * step, column * step, height, width] });
  gridPicture(part("after"), after, { kind: "signed", label: "Map after pooling", cell: 42, numbers: true, mark: [row, column, 1, 1] });
  const cut = height * width < step * step ? ` The window hangs over the edge and sees ${height * width} cell${height * width > 1 ? "s" : ""}.` : "";
  say(`7 × 7 cells become ${after.length} × ${after.length}. The largest in this window is ${number(after[row][column])}.${cut}`);
}

export function startPool() {
  const self = lesson("pool", draw);
  onCell(self.part("after"), (row, column) => {
    self.control("place").value = row * self.part("after").querySelectorAll(".paper").length ** 0.5 + column;
    self.update();
  });
  self.update();
}
