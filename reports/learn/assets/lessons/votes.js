import { lesson, number } from "../dom.js";
import { LISTENS, PICTURES, SLIDE_LIST, stages, vote } from "../story.js";
import { add, canvas } from "../svg.js";

const ROW = 26;
const ANSWERS = ["X", "O"];
const HEIGHTS = { X: 90, O: 240 };

function draw({ list }, { part, say }) {
  const values = list === "slide" ? SLIDE_LIST : stages(PICTURES[list]).list;
  const votes = Object.fromEntries(ANSWERS.map((answer) => [answer, vote(values, answer)]));
  const winner = votes.X > votes.O ? "X" : "O";
  const picture = canvas(part("votes"), 400, 12 * ROW + 8, "Twelve numbers and the answers that listen to them");
  values.forEach((value, i) => {
    const y = 4 + i * ROW;
    for (const answer of ANSWERS.filter((name) => LISTENS[name].includes(i + 1))) {
      add(picture, "line", { x1: 112, y1: y + ROW / 2, x2: 292, y2: HEIGHTS[answer], class: `link ${answer === winner ? "positive" : "quiet"}`, "stroke-width": 1 + 5 * value });
    }
    add(picture, "rect", { x: 40, y: y + 2, width: 72, height: ROW - 4, class: "paper" });
    add(picture, "rect", { x: 40, y: y + 2, width: 72, height: ROW - 4, class: "cell positive", "fill-opacity": Math.max(0, value).toFixed(3) });
    add(picture, "text", { x: 76, y: y + ROW / 2, class: value > 0.7 ? "on" : "off" }, number(value));
    add(picture, "text", { x: 22, y: y + ROW / 2, class: "faint" }, i + 1);
  });
  for (const answer of ANSWERS) {
    add(picture, "circle", { cx: 318, cy: HEIGHTS[answer], r: 27, class: answer === winner ? "node winner" : "node" });
    add(picture, "text", { x: 318, y: HEIGHTS[answer] + 1, class: answer === winner ? "answer on" : "answer" }, answer);
    add(picture, "text", { x: 372, y: HEIGHTS[answer] + 1, class: "off" }, number(votes[answer], 3));
  }
  say(`X gets ${number(votes.X, 3)}, O gets ${number(votes.O, 3)}: the answer is ${winner}.`);
}

export function startVotes() {
  lesson("votes", draw).update();
}
