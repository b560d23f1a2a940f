// The error as a curve: over the share, and over the length of a step.
import { plot } from "../plot.js";

const SHARES = Array.from({ length: 100 }, (_, i) => (i + 1) / 100);

export function drawError({ scene, part }) {
  const least = Math.min(0.01, Math.max(scene.share, 1e-6));
  const points = [...new Set([least, ...SHARES])].sort((a, b) => a - b).map((share) => [share, -Math.log(share)]);
  plot(part("curve"), points, { label: "The error over the share of the label", across: "share of the label", up: "error", at: [scene.share, scene.error] });
}

export function drawDescent({ scene, part }) {
  const { rates, errors, rate, after } = scene.descent;
  plot(part("curve"), rates.map((one, i) => [one, errors[i]]), { label: "The error after one step, over the learning rate", across: "learning rate", up: "error after the step", at: after === null ? undefined : [rate, after], dots: true });
}
