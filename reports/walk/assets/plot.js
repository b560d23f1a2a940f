// A curve with one point on it.
import { add, canvas, roomFor } from "../../learn/assets/svg.js";
import { onPoint } from "./hover.js";
import { short } from "./numbers.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [58, 18, 14, 46];

export function plot(place, points, { label, across, up, at, widest = 460, height = 240, dots = false }) {
  const width = roomFor(place, widest);
  const picture = canvas(place, width, height, label);
  const all = at ? [...points, at] : points;
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(0, ...ys), Math.max(0, ...ys)];
  const x = (value) => LEFT + ((value - left) / (right - left || 1)) * (width - LEFT - RIGHT);
  const y = (value) => height - BOTTOM - ((value - low) / (high - low || 1)) * (height - TOP - BOTTOM);
  add(picture, "line", { x1: x(left), x2: x(right), y1: y(0), y2: y(0), class: "axis" });
  if (left < 0 && right > 0) add(picture, "line", { x1: x(0), x2: x(0), y1: TOP, y2: height - BOTTOM, class: "axis" });
  add(picture, "polyline", { points: points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" "), class: "line" });
  if (dots) points.forEach(([a, b]) => add(picture, "circle", { cx: x(a), cy: y(b), r: 4, class: "past" }));
  for (const value of new Set([left, right])) add(picture, "text", { x: x(value), y: height - BOTTOM + 16, class: "tiny faint" }, short(value, 2));
  for (const value of new Set([low, high])) add(picture, "text", { x: LEFT - 8, y: y(value), class: "tiny faint end" }, short(value, 3));
  add(picture, "text", { x: (LEFT + width - RIGHT) / 2, y: height - 10, class: "tiny" }, across);
  add(picture, "text", { transform: `translate(12 ${(TOP + height - BOTTOM) / 2}) rotate(-90)`, class: "tiny" }, up);
  if (at) {
    add(picture, "line", { x1: x(at[0]), x2: x(at[0]), y1: y(0), y2: y(at[1]), class: "guide", "stroke-dasharray": "4 4" });
    add(picture, "circle", { cx: x(at[0]), cy: y(at[1]), r: 7, class: "point" });
  }
  onPoint(picture, (share) => {
    const wanted = left + ((share * width - LEFT) / (width - LEFT - RIGHT)) * (right - left);
    const near = points.reduce((best, one) => (Math.abs(one[0] - wanted) < Math.abs(best[0] - wanted) ? one : best));
    return `${short(near[0])} → ${short(near[1])}`;
  });
}
