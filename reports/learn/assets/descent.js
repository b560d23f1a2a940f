// Ways to walk down a curve of error over one weight. Each walk is a list of steps; a step
// holds the points that are looked at, the best of which is the walk's answer.

const [low, high] = [-3.2, 3.2];
export const CURVES = {
  valleys: { low, high, error: (w) => 0.1 * w ** 4 - 0.8 * w ** 2 + 0.3 * w + 2.3, slope: (w) => 0.4 * w ** 3 - 1.6 * w + 0.3 },
  bowl: { low, high, error: (w) => w ** 2, slope: (w) => 2 * w },
};

const STEPS = 60;
const GENERATIONS = 30;
const CROWD = 12;

export function walk(curve, method, { start, rate, seed }) {
  return METHODS[method](CURVES[curve], start, rate, random(seed));
}

// Plain descent: against the slope, by the learning rate.
function descent(curve, start, rate) {
  return follow(curve, start, (w) => w - rate * curve.slope(w));
}

// Momentum: nine tenths of the last step are taken again (Polyak 1964).
function momentum(curve, start, rate) {
  let velocity = 0;
  return follow(curve, start, (w) => {
    velocity = 0.9 * velocity - rate * curve.slope(w);
    return w + velocity;
  });
}

// Adam: steps scaled by the size of recent slopes (Kingma and Ba 2015, arXiv:1412.6980).
function adam(curve, start, rate) {
  let [mean, square, t] = [0, 0, 0];
  return follow(curve, start, (w) => {
    const slope = curve.slope(w);
    t += 1;
    mean = 0.9 * mean + 0.1 * slope;
    square = 0.999 * square + 0.001 * slope ** 2;
    const corrected = rate * Math.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t);
    return w - (corrected * mean) / (Math.sqrt(square) + 1e-7);
  });
}

// Plain descents from the reader's start and five others; the best of them counts.
function restarts(curve, start, rate, next) {
  const starts = [start, ...Array.from({ length: 5 }, () => curve.low + next() * (curve.high - curve.low))];
  const walks = starts.map((one) => descent(curve, one, rate));
  return walks[0].map((_, step) => walks.map((points) => points[step][0]));
}

// A crowd around the start: the fitter half lives, its children are means of two with a random change.
// The change shrinks from generation to generation. Neither slope nor learning rate is needed.
function genetic(curve, start, _rate, next) {
  const inside = (w) => Math.min(curve.high, Math.max(curve.low, w));
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  let crowd = Array.from({ length: CROWD }, (_, i) => (i ? inside(start + normal()) : start));
  const steps = [crowd];
  for (let generation = 0; generation < GENERATIONS; generation++) {
    const parents = [...crowd].sort((a, b) => curve.error(a) - curve.error(b)).slice(0, CROWD / 2);
    const one = () => parents[Math.floor(next() * parents.length)];
    const change = ((curve.high - curve.low) / 4) * 0.93 ** generation;
    crowd = [...parents, ...parents.map(() => inside((one() + one()) / 2 + change * normal()))];
    steps.push(crowd);
  }
  return steps;
}

export const METHODS = { descent, momentum, adam, restarts, genetic };

export function best(curve, points) {
  return points.reduce((a, b) => (CURVES[curve].error(b) < CURVES[curve].error(a) ? b : a));
}

function follow(curve, start, step) {
  const points = [[start]];
  for (let i = 0; i < STEPS; i++) points.push([step(points[i][0])]);
  return points;
}

// Numbers from 0 to 1 that a seed decides (mulberry32).
export function random(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
