import { lesson, onClick, values } from "../dom.js";
import { largest, paint, palette } from "../paint.js";
import { HOP, RATE, play, samples, spectrogram } from "../sound.js";

function draw(settings, { part, say }) {
  const window = Number(settings.window);
  const grid = spectrogram(samples(settings), window).reverse();
  const most = largest([grid]);
  const decibels = grid.map((row) => row.map((value) => 1 + Math.log10(Math.max(value / most, 1e-3)) / 3));
  paint(canvas(part("spectrogram")), decibels, "ink", 1, palette());
  say(`A grid of ${grid.length} pitches × ${grid[0].length} moments. Each cell looks at ${(1000 * window) / RATE} ms of sound. Rows lie ${(RATE / window).toFixed(1)} Hz apart, columns ${(1000 * HOP) / RATE} ms. Long windows tell pitches apart, short ones moments; no window does both.`);
}

function canvas(place) {
  const found = place.querySelector("canvas");
  if (found) return found;
  const made = document.createElement("canvas");
  made.className = "spectrogram";
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", "Spectrogram of the tune");
  place.append(made);
  return made;
}

export function startSound() {
  const self = lesson("sound", draw);
  onClick(self, "play", () => play(samples(values(self.form))));
  self.update();
}
