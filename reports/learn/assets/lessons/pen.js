// Drawing on the paper: by mouse or finger, or by keys that move a pen.
import { values } from "../dom.js";
import { SIZE, unplaced } from "../strokes.js";

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export function pen(lesson, strokes) {
  const paper = lesson.part("paper");
  const look = () => values(lesson.form);
  const nib = document.createElement("span");
  nib.className = "nib";
  paper.after(nib);
  const keys = { column: SIZE / 2, row: SIZE / 2, down: false };

  const mark = (column, row, fresh) => {
    const point = unplaced([column, row], look());
    if (fresh || !strokes.length) strokes.push([point, point]);
    else strokes.at(-1).push(point);
    lesson.update();
  };
  const touch = (event, fresh) => {
    const frame = paper.getBoundingClientRect();
    mark(((event.clientX - frame.left) / frame.width) * SIZE, ((event.clientY - frame.top) / frame.height) * SIZE, fresh);
  };
  paper.addEventListener("pointerdown", (event) => {
    paper.setPointerCapture(event.pointerId);
    touch(event, true);
  });
  paper.addEventListener("pointermove", (event) => event.buttons && touch(event, false));

  const showNib = () => {
    nib.style.left = `${(100 * keys.column) / SIZE}%`;
    nib.style.top = `${(100 * keys.row) / SIZE}%`;
    nib.classList.toggle("down", keys.down);
  };
  paper.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      keys.down = !keys.down;
      if (keys.down) mark(keys.column, keys.row, true);
    } else if (event.key === "Backspace" || event.key === "Delete") {
      strokes.pop();
      lesson.update();
    } else if (event.key in ARROWS) {
      const [across, down] = ARROWS[event.key];
      keys.column = Math.min(SIZE, Math.max(0, keys.column + across));
      keys.row = Math.min(SIZE, Math.max(0, keys.row + down));
      if (keys.down) mark(keys.column, keys.row, false);
    } else return;
    event.preventDefault();
    showNib();
  });
  paper.addEventListener("blur", () => (keys.down = false));
  showNib();
}
