// The worked example of "How convolutional neural networks work" (Brandon Rohrer, 2016).
import { convolve, flatten, maxPool, relu } from "./layers.js";

const DRAWN = {
  X: [".........", ".#.....#.", "..#...#..", "...#.#...", "....#....", "...#.#...", "..#...#..", ".#.....#.", "........."],
  crooked: [".........", "......#..", ".#...#...", "..##.#...", "....#....", "...#.##..", "...#...#.", "..#......", "........."],
  O: [".........", "...###...", "..#...#..", ".#.....#.", ".#.....#.", ".#.....#.", "..#...#..", "...###...", "........."],
  falling: ["#..", ".#.", "..#"],
  cross: ["#.#", ".#.", "#.#"],
  rising: ["..#", ".#.", "#.."],
};

// Ink is 1, paper is -1.
const cells = (rows) => rows.map((row) => [...row].map((letter) => (letter === "#" ? 1 : -1)));

export const PICTURES = { X: cells(DRAWN.X), crooked: cells(DRAWN.crooked), O: cells(DRAWN.O) };
export const FEATURES = { falling: cells(DRAWN.falling), cross: cells(DRAWN.cross), rising: cells(DRAWN.rising) };

// Matches are divided by the number of a feature's cells, so that a perfect one is 1.
export function filtered(picture, feature) {
  const size = feature.length * feature[0].length;
  return convolve(picture, feature).map((row) => row.map((value) => value / size));
}

// What becomes of one picture: the printed maps are those of one convolution and two poolings.
export function stages(picture) {
  const maps = Object.values(FEATURES).map((feature) => filtered(picture, feature));
  const rectified = maps.map(relu);
  const pooled = rectified.map((map) => maxPool(map, 2, 2));
  const final = pooled.map((map) => maxPool(map, 2, 2));
  return { filtered: maps, rectified, pooled, final, list: flatten(final) };
}

// Which of the twelve values each answer listens to, counted from 1.
export const LISTENS = { X: [1, 4, 5, 10, 11], O: [2, 3, 9, 12] };
export const SLIDE_LIST = [0.9, 0.65, 0.45, 0.87, 0.96, 0.73, 0.23, 0.63, 0.44, 0.89, 0.94, 0.53];

export function vote(list, answer) {
  const heard = LISTENS[answer].map((place) => list[place - 1]);
  return heard.reduce((a, b) => a + b) / heard.length;
}
