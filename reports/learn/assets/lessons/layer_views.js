// Every layer of the network as small pictures that are painted over and over.
import { largest, paint } from "../paint.js";

const WORDS = { conv: "convolution", relu: "rectified", pool: "pooled" };

export function layerViews(place, network) {
  const rows = [row(place, "What the network is given: ink, less its mean, over its deviation", 1)];
  for (const layer of network.layers.slice(0, -1)) {
    const [height, width, maps] = layer.output;
    rows.push(row(place, `${WORDS[layer.kind]}: ${maps} maps of ${height} × ${width}`, maps, layer.name === "stage1_conv" && layer.kernels));
  }
  const votes = network.classes.map((label) => row(place, `votes for ${label}: each cell times its weight`, network.layers.at(-2).output[2]));
  const first = network.layers.find((layer) => layer.kernels);
  return {
    show({ stacks }, colours) {
      stacks.forEach((stack, i) => paintRow(rows[i].maps, stack, largest(stack), colours));
      rows[1].features.forEach((feature, i) => paint(feature, first.kernels[i][0], "signed", largest(first.kernels.flat()), colours));
      const shares = network.classes.map((_, answer) => weighted(stacks.at(-1), network.layers.at(-1).weights, answer));
      const most = largest(shares.flat());
      shares.forEach((stack, answer) => paintRow(votes[answer].maps, stack, most, colours));
    },
  };
}

function paintRow(canvases, stack, most, colours) {
  canvases.forEach((canvas, i) => paint(canvas, stack[i], "signed", most, colours));
}

// What each cell adds to an answer.
function weighted(stack, weights, answer) {
  const [height, width] = [stack[0].length, stack[0][0].length];
  return stack.map((map, i) => map.map((row, j) => row.map((value, k) => value * weights[(i * height + j) * width + k][answer])));
}

function row(place, heading, count, kernels) {
  const block = document.createElement("div");
  const caption = document.createElement("p");
  caption.className = "caption";
  caption.textContent = heading;
  const strip = document.createElement("div");
  strip.className = count > 1 ? "strip" : "strip single";
  const features = kernels ? kernels.map((_, i) => canvas(`Feature ${i + 1}`, "feature")) : [];
  const maps = Array.from({ length: count }, (_, i) => canvas(`${heading}, map ${i + 1}`, "map"));
  strip.append(...features, ...maps);
  block.append(caption, strip);
  place.append(block);
  return { maps, features };
}

function canvas(label, kind) {
  const made = document.createElement("canvas");
  made.className = kind;
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", label);
  return made;
}
