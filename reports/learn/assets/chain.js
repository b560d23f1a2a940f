// Two weights in a row: x times w1 is y, y times w2 is e. A bend may stand between them.

export const BENDS = {
  none: { value: (a) => a, slope: () => 1 },
  sigmoid: { value: (a) => 1 / (1 + Math.exp(-a)), slope: (a) => BENDS.sigmoid.value(a) * (1 - BENDS.sigmoid.value(a)) },
  relu: { value: (a) => Math.max(0, a), slope: (a) => (a > 0 ? 1 : 0) },
};

export function forward({ x, w1, w2, bend }) {
  const a = x * w1;
  const y = BENDS[bend].value(a);
  return { a, y, e: y * w2 };
}

// The slope of e along each link, and along the whole chain: their product.
export function slopes({ x, w1, w2, bend }) {
  const da = x;
  const dy = BENDS[bend].slope(x * w1);
  return { da, dy, de: w2, w1: da * dy * w2, w2: BENDS[bend].value(x * w1) };
}

// The same by trying: e after a small nudge of w1, less e before it, over the nudge.
export function tried(inputs, nudge) {
  return (forward({ ...inputs, w1: inputs.w1 + nudge }).e - forward(inputs).e) / nudge;
}
