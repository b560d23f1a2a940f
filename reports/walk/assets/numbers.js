// Numbers as people read them: a few significant digits, a proper minus.
import { number } from "../../learn/assets/dom.js";

export function short(value, digits = 3) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e6 || size < 1e-4 ? value.toExponential(digits - 1) : String(Number(value.toPrecision(size >= 1000 ? 6 : digits)));
  return text.replaceAll("-", "−");
}

// Writes the numbers of one table alike: as many decimals as the largest needs.
export function alike(largest) {
  if (largest < 0.02 || largest >= 1000) return (value) => short(value, 2);
  return (value) => number(value, largest >= 10 ? 1 : largest >= 0.2 ? 2 : 3);
}

// The largest number of some rows, whatever its sign.
export function most(rows) {
  return Math.max(1e-9, ...rows.map((row) => Math.max(...row.map(Math.abs))));
}

// A number in a sum: its sign and its size.
export function plus(value) {
  return value < 0 ? ` − ${short(-value, 4)}` : ` + ${short(value, 4)}`;
}
