// Numbers as people read them: a few significant digits, a proper minus.
export function short(value, digits = 3) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e6 || size < 1e-4 ? value.toExponential(digits - 1) : String(Number(value.toPrecision(size >= 1000 ? 6 : digits)));
  return text.replaceAll("-", "−");
}

export function two(value) {
  return short(value, 2);
}

// The largest number of some rows, whatever its sign.
export function most(rows) {
  return Math.max(1e-9, ...rows.map((row) => Math.max(...row.map(Math.abs))));
}

// A number in a sum: its sign and its size.
export function plus(value) {
  return value < 0 ? ` − ${short(-value)}` : ` + ${short(value)}`;
}
