import { forward, slopes, tried } from "../chain.js";
import { lesson, number } from "../dom.js";
import { add, canvas, roomFor } from "../svg.js";

const [WIDEST, HEIGHT, LINE, RADIUS] = [640, 190, 60, 30];

function draw(values, { part, say }) {
  const [found, slope] = [forward(values), slopes(values)];
  const bent = values.bend !== "none";
  const nodes = [["x", values.x], ["a", found.a], ["y", found.y], ["e", found.e]].filter(([name]) => bent || name !== "a");
  const links = bent
    ? [["× w₁", `slope ${number(slope.da)}`], [values.bend, `slope ${number(slope.dy)}`], ["× w₂", `slope ${number(slope.de)}`]]
    : [["× w₁", `slope ${number(slope.da)}`], ["× w₂", `slope ${number(slope.de)}`]];
  const width = roomFor(part("chain"), WIDEST);
  const picture = canvas(part("chain"), width, HEIGHT, "Two weights in a row, with values above and slopes below");
  const at = (i) => RADIUS + 2 + (i * (width - 2 * RADIUS - 4)) / (nodes.length - 1);
  links.forEach(([name, text], i) => {
    const middle = (at(i) + at(i + 1)) / 2;
    add(picture, "line", { x1: at(i) + RADIUS, y1: LINE, x2: at(i + 1) - RADIUS, y2: LINE, class: "axis" });
    add(picture, "text", { x: middle, y: LINE - 20, class: "off" }, name);
    add(picture, "line", { x1: at(i + 1) - RADIUS, y1: LINE + 22, x2: at(i) + RADIUS, y2: LINE + 22, class: "back" });
    add(picture, "text", { x: middle, y: LINE + 44, class: "back-text tiny" }, text);
  });
  nodes.forEach(([name, value], i) => {
    add(picture, "circle", { cx: at(i), cy: LINE, r: RADIUS, class: "node" });
    add(picture, "text", { x: at(i), y: LINE - 9, class: "faint" }, name);
    add(picture, "text", { x: at(i), y: LINE + 11, class: "off" }, number(value));
  });
  const factors = [slope.da, ...(bent ? [slope.dy] : []), slope.de].map((factor) => number(factor)).join(" × ");
  add(picture, "text", { x: width / 2, y: HEIGHT - 34, class: "back-text" }, "slope of e along w₁");
  add(picture, "text", { x: width / 2, y: HEIGHT - 12, class: "back-text large" }, `= ${factors} = ${number(slope.w1, 3)}`);
  const check = tried(values, values.nudge);
  say(`By the chain rule e changes by ${number(slope.w1, 3)} for each unit of w₁; tried with a nudge of ${number(values.nudge, 3)}: ${number(check, 3)}. Along w₂ the slope is y itself: ${number(slope.w2, 3)}.`);
}

export function startChain() {
  lesson("chain", draw).update();
}
