import { lesson } from "../dom.js";
import { stagesOf, total } from "../shapes.js";
import { add, canvas } from "../svg.js";

const SIDE = 240;
const whole = (count) => count.toLocaleString("en").replaceAll(",", " ");

function draw(values, { part, say }) {
  const settings = { ...values, channels: 1, kernel: Number(values.kernel), stride: Number(values.stride), pool: Number(values.pool) };
  const rows = stagesOf(settings);
  const last = rows.at(-2);
  view(part("view"), settings, last);
  towers(part("towers"), settings, rows.slice(0, -1));
  part("rows").replaceChildren(...rows.map(line));
  const seen = last.field >= settings.size ? "the whole picture" : `${last.field} × ${last.field} of ${settings.size} × ${settings.size} cells`;
  const advice = last.field < settings.size / 2 ? " A part larger than that goes unseen: try more stages, pooling or larger features." : "";
  say(`${whole(total(rows, "parameters"))} parameters, ${whole(total(rows, "macs"))} multiplications a picture. A cell of stage ${settings.depth} sees ${seen}.${advice}`);
}

function view(place, { size }, { field }) {
  const picture = canvas(place, SIDE + 2, SIDE + 2, `A cell of the last stage sees ${field} cells of ${size}`);
  const cell = SIDE / size;
  add(picture, "rect", { x: 1, y: 1, width: SIDE, height: SIDE, class: "paper" });
  for (const [x1, y1, x2, y2] of [[0.2, 0.2, 0.8, 0.8], [0.8, 0.2, 0.2, 0.8]]) {
    add(picture, "line", { x1: x1 * SIDE, y1: y1 * SIDE, x2: x2 * SIDE, y2: y2 * SIDE, class: "glyph" });
  }
  const side = Math.min(SIDE, field * cell);
  add(picture, "rect", { x: 1 + (SIDE - side) / 2, y: 1 + (SIDE - side) / 2, width: side, height: side, class: "mark seen" });
}

// Each stage as a block: as high as its maps, as deep as it has features.
function towers(place, { size }, rows) {
  const blocks = [{ cells: size, filters: 1 }, ...rows];
  const deep = (filters) => 4 + 7 * Math.log2(filters + 1);
  const width = blocks.reduce((sum, { filters }) => sum + deep(filters) + 30, 0);
  const picture = canvas(place, Math.max(300, width), SIDE + 2, "Blocks of maps, stage by stage");
  let x = 12;
  for (const { cells, filters } of blocks) {
    const height = Math.max(3, (cells / size) * (SIDE - 46));
    add(picture, "rect", { x, y: (SIDE - 20 - height) / 2, width: deep(filters), height, class: "block" });
    add(picture, "text", { x: x + deep(filters) / 2, y: SIDE - 14, class: "tiny" }, `${cells}×${cells}`);
    add(picture, "text", { x: x + deep(filters) / 2, y: SIDE - 1, class: "tiny faint" }, `${filters}`);
    x += deep(filters) + 30;
  }
}

function line({ stage, filters, cells, field, parameters, macs }) {
  const row = document.createElement("tr");
  const texts = [stage, filters, `${cells} × ${cells}`, field ? `${field} × ${field}` : "everything", whole(parameters), whole(macs)];
  texts.forEach((text, i) => {
    const cell = document.createElement(i ? "td" : "th");
    if (i) cell.className = "num";
    else cell.scope = "row";
    cell.textContent = text;
    row.append(cell);
  });
  return row;
}

export function startShapes() {
  lesson("shapes", draw).update();
}
