import { CURVES, best, walk } from "../descent.js";
import { lesson, number, onClick, player } from "../dom.js";
import { add, canvas, roomFor } from "../svg.js";

const [WIDEST, MARGIN] = [760, 34];
const NAMES = { descent: "Gradient descent", momentum: "Momentum", adam: "Adam", restarts: "Random restarts", genetic: "Genetic algorithm" };

// From a weight and its error to a place on the drawing.
function scales({ low, high, error }, width) {
  const height = Math.round(width / 2.2) + 40;
  const most = Math.max(error(low), error(high));
  return {
    width,
    height,
    x: (w) => MARGIN + ((w - low) / (high - low)) * (width - 2 * MARGIN),
    y: (e) => height - MARGIN - (e / most) * (height - 2 * MARGIN),
    w: (x) => low + ((x - MARGIN) / (width - 2 * MARGIN)) * (high - low),
  };
}

function draw(values, { part, say }) {
  const curve = CURVES[values.curve];
  const steps = walk(values.curve, values.method, values);
  const now = Math.min(values.step, steps.length - 1);
  const scale = scales(curve, roomFor(part("curve"), WIDEST));
  const picture = canvas(part("curve"), scale.width, scale.height, "The error over one weight, and the way walked so far");
  axes(picture, scale);
  const dense = Array.from({ length: 161 }, (_, i) => curve.low + (i / 160) * (curve.high - curve.low));
  add(picture, "polyline", { points: dense.map((w) => [scale.x(w), scale.y(curve.error(w))]).join(" "), class: "line" });
  trail(picture, steps.slice(0, now + 1), curve, scale);
  const here = best(values.curve, steps[now]);
  if (values.method !== "genetic") tangent(picture, here, curve, scale);
  report(say, values, here, now, curve, steps);
}

function axes(picture, { width, height }) {
  add(picture, "line", { x1: MARGIN, y1: height - MARGIN, x2: width - MARGIN, y2: height - MARGIN, class: "axis" });
  add(picture, "text", { x: width / 2, y: height - 12, class: "faint" }, "weight w");
  add(picture, "text", { x: MARGIN, y: 16, class: "faint start" }, "error");
}

function trail(picture, steps, curve, scale) {
  steps.forEach((points, i) => {
    const newest = i === steps.length - 1;
    for (const w of points) {
      const place = { cx: scale.x(w).toFixed(1), cy: scale.y(curve.error(w)).toFixed(1) };
      if (newest || points.length === 1) add(picture, "circle", { ...place, r: newest ? 7 : 4, class: newest ? "point" : "past" });
    }
  });
}

function tangent(picture, w, curve, scale) {
  const reach = 0.35;
  const height = (side) => scale.y(curve.error(w) + side * reach * curve.slope(w));
  add(picture, "line", { x1: scale.x(w - reach), y1: height(-1), x2: scale.x(w + reach), y2: height(1), class: "guide" });
}

function report(say, values, w, now, curve, steps) {
  const slope = curve.slope(w);
  const at = `${NAMES[values.method]}, step ${now}: w = ${number(w)}, error ${number(curve.error(w))}, slope ${number(slope)}.`;
  if (now < steps.length - 1) return say(at);
  const bottom = Math.min(...Array.from({ length: 641 }, (_, i) => curve.error(curve.low + (i / 640) * (curve.high - curve.low))));
  const gap = curve.error(w) - bottom;
  const end = gap < 0.05 ? "found the deepest place" : Math.abs(slope) < 0.05 ? "is stuck in the shallow valley" : "has not arrived yet";
  return say(`${at} It ${end}.`);
}

export function startDescent() {
  const self = lesson("descent", draw);
  player(self, "play", "step", 100);
  onClick(self, "next", () => (self.control("step").value = Number(self.control("step").value) + 1));
  onClick(self, "again", () => (self.control("step").value = 0));
  const place = self.part("curve");
  const drag = (event) => {
    const frame = place.querySelector("svg").getBoundingClientRect();
    const w = scales(CURVES[self.control("curve").value], frame.width).w(event.clientX - frame.left);
    self.control("start").value = w;
    self.control("step").value = 0;
    self.update();
  };
  place.classList.add("pressable");
  place.addEventListener("pointerdown", drag);
  place.addEventListener("pointermove", (event) => event.buttons && drag(event));
  self.update();
}
