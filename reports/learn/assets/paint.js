// Maps as pixels on a canvas: quick enough for every layer of a network thirty times a second.

export function palette() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => [1, 3, 5].map((at) => parseInt(style.getPropertyValue(name).trim().slice(at, at + 2), 16));
  return { paper: colour("--sheet"), ink: colour("--ink"), positive: colour("--blue"), negative: colour("--orange") };
}

// `kind` is "ink" (0 is paper) or "signed"; `most` is the value of full colour.
export function paint(canvas, map, kind, most, colours) {
  const [height, width] = [map.length, map[0].length];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const image = new ImageData(width, height);
  let at = 0;
  for (const row of map) {
    for (const value of row) {
      const full = kind === "ink" ? colours.ink : value < 0 ? colours.negative : colours.positive;
      const strength = Math.min(1, Math.abs(value) / most);
      for (let i = 0; i < 3; i++) image.data[at++] = colours.paper[i] + strength * (full[i] - colours.paper[i]);
      image.data[at++] = 255;
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

export function largest(stack) {
  let most = 1e-9;
  for (const map of stack) for (const row of map) for (const value of row) most = Math.max(most, Math.abs(value));
  return most;
}
