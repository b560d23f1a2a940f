// Who votes how much for which class.
import { add, canvas, roomFor } from "../../../learn/assets/svg.js";
import { press } from "../choice.js";
import { onPoint } from "../hover.js";
import { plus, short } from "../numbers.js";
import { mapPicture } from "../plane.js";

const [ROW, MOST] = [26, 12];

export function drawVotes(view) {
  const { scene, state, part, redraw } = view;
  const chosen = state.chosen.class ?? 0;
  [...part("classes").children].forEach((button, i) => {
    press(button, i === chosen);
    button.onclick = () => {
      state.chosen.class = i;
      redraw();
    };
  });
  (scene.votes.kind === "features" ? drawFeatures : drawCells)(view, chosen);
}

function drawCells({ scene, part, say }, chosen) {
  const { votes } = scene;
  const { name, plane } = votes.maps[chosen];
  mapPicture(part("votes"), plane, { label: `The map of ${name}`, look: scene.look, cell: 26, widest: 420 });
  say(`The average of ${votes.count} cells is the output of ${name}: ${short(scene.outputs[votes.classes[chosen]])}.`);
}

function drawFeatures({ scene, part, say }, chosen) {
  const { votes } = scene;
  const all = votes.voters.map(({ name, value, weights }) => ({ name, value, weight: weights[chosen], vote: value * weights[chosen] }));
  all.sort((a, b) => Math.abs(b.vote) - Math.abs(a.vote));
  const shown = all.slice(0, MOST);
  const rest = all.slice(MOST).reduce((sum, { vote }) => sum + vote, votes.rest[chosen]);
  const rows = [...shown, { name: `the other ${votes.count - shown.length}`, vote: rest }, { name: "bias", vote: votes.bias[chosen] }];
  if (votes.count === shown.length) rows.splice(shown.length, 1);
  const output = scene.outputs[votes.classes[chosen]];
  bars(part("votes"), rows, scene.classes[votes.classes[chosen]]);
  const votesOf = shown.reduce((sum, { vote }) => sum + vote, 0);
  say(`Together: ${short(votesOf, 4)} (drawn)${votes.count > shown.length ? `${plus(rest)} (all others)` : ""}${plus(votes.bias[chosen])} (bias) = ${short(output, 4)}`);
}

function bars(place, rows, name) {
  const width = roomFor(place, 760);
  const height = rows.length * ROW + 4;
  const picture = canvas(place, width, height, `Votes for ${name}`);
  const [left, right] = [width < 500 ? 128 : 220, width - 64];
  const top = Math.max(1e-9, ...rows.map(({ vote }) => Math.abs(vote)));
  const x = (value) => (left + right) / 2 + (value / top) * ((right - left) / 2 - 6);
  add(picture, "line", { x1: x(0), x2: x(0), y1: 0, y2: height, class: "axis" });
  rows.forEach(({ name: voter, vote }, i) => {
    const y = 2 + i * ROW;
    add(picture, "text", { x: left - 10, y: y + ROW / 2, class: "end tiny" }, voter.length > 30 ? `${voter.slice(0, 29)}…` : voter);
    add(picture, "rect", { x: Math.min(x(0), x(vote)), width: Math.max(1, Math.abs(x(vote) - x(0))), y: y + 4, height: ROW - 8, class: vote < 0 ? "negative" : "positive" });
    add(picture, "text", { x: width - 2, y: y + ROW / 2, class: "end" }, short(vote));
  });
  onPoint(picture, (_, at) => {
    const { name: voter, value, weight, vote } = rows[Math.min(rows.length - 1, Math.floor((at * height - 2) / ROW))] ?? {};
    if (voter === undefined) return "";
    return value === undefined ? `${voter}: ${short(vote)}` : `${voter}: value ${short(value)} × weight ${short(weight)} = ${short(vote)}`;
  });
}
