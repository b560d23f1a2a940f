import { random } from "../descent.js";
import { lesson, number, onClick, percent, write } from "../dom.js";
import { load, run } from "../network.js";
import { paint, palette } from "../paint.js";
import { drawnBy, inkOf } from "../strokes.js";
import { add, canvas } from "../svg.js";
import { layerViews } from "./layer_views.js";
import { pen } from "./pen.js";

const strokes = drawnBy("X", random(1));

export function startDraw(data) {
  const network = load(data);
  let views;
  const draw = (look, { part, say }) => {
    const ink = inkOf(strokes, look);
    const result = run(network, ink);
    const colours = palette();
    paint(part("paper"), ink, "ink", 1, colours);
    views.show(result, colours);
    answer(part("answer"), network, result);
    for (const name of Object.keys(network.curves)) curve(part(`curve-${name}`), network, name, look[name]);
    const winner = result.logits[0] > result.logits[1] ? 0 : 1;
    say(`I read: ${network.classes[winner]}, with a probability of ${percent(result.probabilities[winner])}.`);
  };
  const self = lesson("draw", draw);
  views = layerViews(self.part("layers"), network);
  pen(self, strokes);
  const replace = (drawing) => strokes.splice(0, strokes.length, ...drawing);
  for (const label of network.classes) onClick(self, label, () => replace(drawnBy(label, Math.random)));
  onClick(self, "undo", () => strokes.pop());
  onClick(self, "clear", () => replace([]));
  onClick(self, "neutral", () => Object.entries(network.neutral).forEach(([name, value]) => (self.control(name).value = value)));
  self.update();
}

function answer(place, network, { probabilities, logits }) {
  if (!place.children.length) {
    place.append(...network.classes.map(() => {
      const row = document.createElement("div");
      row.append(...["b", "meter", "span"].map((tag) => document.createElement(tag)));
      return row;
    }));
  }
  network.classes.forEach((label, i) => {
    const [name, meter, text] = place.children[i].children;
    write(name, label);
    meter.value = probabilities[i];
    meter.setAttribute("aria-label", `Probability of ${label}`);
    write(text, `${percent(probabilities[i])} (logit ${number(logits[i], 1)})`);
  });
}

// Share of test drawings that are read rightly at each amount of one change, and where the slider stands.
function curve(place, { curves, trained }, name, value) {
  const { amounts, right, drawings } = curves[name];
  const [low, high] = [amounts[0], amounts.at(-1)];
  const x = (amount) => ((amount - low) / (high - low)) * 300;
  const y = (share) => 44 - share * 40;
  if (!place.children.length) {
    const picture = canvas(place, 300, 48, `Share read rightly: ${amounts.map((amount, i) => `${amount}: ${percent(right[i] / drawings)}`).join(", ")}`);
    add(picture, "rect", { x: x(trained[name][0]), y: 0, width: x(trained[name][1]) - x(trained[name][0]), height: 48, class: "trained" });
    for (const share of [0.5, 1]) add(picture, "line", { x1: 0, y1: y(share), x2: 300, y2: y(share), class: "axis" });
    add(picture, "polyline", { points: amounts.map((amount, i) => [x(amount), y(right[i] / drawings)]).join(" "), class: "line" });
    add(picture, "line", { y1: 0, y2: 48, class: "now" });
  }
  const now = place.querySelector(".now");
  for (const end of ["x1", "x2"]) now.setAttribute(end, x(value));
}
