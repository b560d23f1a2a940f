// One step on the screen at a time; back and forth by buttons and arrow keys.
import { write } from "../../learn/assets/dom.js";
import { hideBubble } from "./hover.js";
import { drawActivate, drawNormalise } from "./steps/change.js";
import { drawDescent, drawError } from "./steps/curves.js";
import { drawHidden, drawLevels } from "./steps/levels.js";
import { drawMap, drawMatch } from "./steps/match.js";
import { drawPool } from "./steps/pool.js";
import { drawReading } from "./steps/reading.js";
import { drawVotes } from "./steps/votes.js";

const DRAWN = {
  reading: drawReading, match: drawMatch, map: drawMap, normalise: drawNormalise, activate: drawActivate, pool: drawPool,
  levels: drawLevels, hidden: drawHidden, votes: drawVotes, error: drawError, descent: drawDescent,
};
const BUSY = "input, select, textarea, audio, [contenteditable]";

export function startWalk(root) {
  const scene = JSON.parse(root.querySelector("[data-scene]").textContent);
  const steps = [...root.querySelectorAll(".walk-step")];
  const state = { step: 0, chosen: {}, stop: () => {} };
  const drawStep = (step) => DRAWN[step.dataset.kind]?.(view(step, scene, state, () => drawStep(step)));
  const draw = () => drawStep(steps[state.step]);

  const show = (wanted) => {
    const step = Math.max(0, Math.min(steps.length - 1, wanted));
    const lost = steps[state.step].contains(document.activeElement);
    state.stop();
    hideBubble();
    state.step = step;
    steps.forEach((one, i) => one.classList.toggle("current", i === step));
    tell(root, steps, step);
    draw();
    if (lost) steps[step].querySelector(".walk-title").focus({ preventScroll: true });
    if (root.getBoundingClientRect().top < 0) root.scrollIntoView();
  };

  root.classList.add("started");
  root.querySelector(".walk-bar").hidden = false;
  root.querySelectorAll("[data-go]").forEach((button) => button.addEventListener("click", () => show(state.step + Number(button.dataset.go))));
  root.querySelectorAll("[data-to]").forEach((button) => button.addEventListener("click", () => show(Number(button.dataset.to))));
  document.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || usesArrows(event.target)) return;
    if (!("everywhere" in root.dataset) && !root.contains(document.activeElement)) return;
    event.preventDefault();
    show(state.step + way);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  addEventListener("resize", draw);
  addEventListener("beforeprint", () => steps.forEach(drawStep));
  show(0);
}

// What a step's drawing is given: its parts, the numbers, and what the reader has chosen.
function view(step, scene, state, redraw) {
  state.stop();
  state.stop = () => {};
  return { step, scene, state, redraw, part: (name) => step.querySelector(`[data-part="${name}"]`), say: (text) => write(step.querySelector('[data-part="say"]'), text) };
}

function tell(root, steps, step) {
  root.querySelectorAll("[data-to]").forEach((button, i) => {
    if (i === step) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
    button.classList.toggle("passed", i < step);
  });
  root.querySelector('[data-go="-1"]').disabled = step === 0;
  root.querySelector('[data-go="1"]').disabled = step === steps.length - 1;
  const title = steps[step].querySelector(".walk-title").textContent.trim().replace(/^\S+\s+/, "");
  write(root.querySelector(".walk-count"), `Step ${step + 1} of ${steps.length}: ${title}`);
}

function usesArrows(target) {
  const scrolls = target.closest?.(".scroll");
  return Boolean(target.closest?.(BUSY)) || Boolean(scrolls && scrolls.scrollWidth > scrolls.clientWidth);
}
