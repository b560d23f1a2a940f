// Strokes and their ink, by the formula of the drawings that the network was trained on.
// A stroke is a list of points [column, row]; the paper's middle is (0, 0), its half width 1.

export const SIZE = 28;

// Where a point of the drawing lies on the paper, in cells.
export function placed([x, y], { across, down, turn, scale }) {
  const angle = (turn * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const reach = (scale * SIZE) / 2;
  return [reach * (cosine * x - sine * y) + across + SIZE / 2, reach * (sine * x + cosine * y) + down + SIZE / 2];
}

// The other way: which point of the drawing a place on the paper is.
export function unplaced([column, row], { across, down, turn, scale }) {
  const angle = (turn * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const reach = (scale * SIZE) / 2;
  const [x, y] = [(column - across - SIZE / 2) / reach, (row - down - SIZE / 2) / reach];
  return [cosine * x + sine * y, cosine * y - sine * x];
}

// The ink of each cell from 0 to 1: it falls off over one cell at the edge of a stroke.
export function inkOf(strokes, look) {
  const paper = Array.from({ length: SIZE }, () => new Array(SIZE).fill(0));
  for (const stroke of strokes) {
    const points = stroke.map((point) => placed(point, look));
    points.forEach((end, i) => press(paper, points[Math.max(0, i - 1)], end, look));
  }
  return paper;
}

function press(paper, [x1, y1], [x2, y2], { weight, shade }) {
  const reach = weight / 2 + 0.5;
  const [first, last] = [Math.max(0, Math.floor(Math.min(y1, y2) - reach)), Math.min(SIZE - 1, Math.ceil(Math.max(y1, y2) + reach))];
  for (let row = first; row <= last; row++) {
    for (let column = 0; column < SIZE; column++) {
      const distance = toSegment(column + 0.5, row + 0.5, x1, y1, x2, y2);
      const ink = shade * Math.min(1, Math.max(0, reach - distance));
      if (ink > paper[row][column]) paper[row][column] = ink;
    }
  }
}

function toSegment(x, y, x1, y1, x2, y2) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = Math.max(dx * dx + dy * dy, 1e-12);
  const along = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / length));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}

// An X or an O by an unsteady hand; `next` gives numbers from 0 to 1.
export function drawnBy(label, next) {
  const shake = (amount) => (next() + next() + next() - 1.5) * 2 * amount;
  if (label === "X") {
    const near = (x, y) => [0.55 * x + shake(0.08), 0.55 * y + shake(0.08)];
    return [[near(-1, -1), [shake(0.05), shake(0.05)], near(1, 1)], [near(1, -1), [shake(0.05), shake(0.05)], near(-1, 1)]];
  }
  const [start, squeeze, wobble] = [6.3 * next(), 0.8 + 0.2 * next(), shake(0.1)];
  const turns = Array.from({ length: 25 }, (_, i) => start + (2 * Math.PI * i) / 24);
  const radius = (angle) => 0.6 * (1 + wobble * Math.cos(2 * angle));
  return [turns.map((angle) => [squeeze * radius(angle) * Math.cos(angle), radius(angle) * Math.sin(angle)])];
}
