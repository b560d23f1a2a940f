// Text as a grid: one row for each letter of an alphabet, one column for each letter of the text.
import { convolve, grid } from "./layers.js";

export const ALPHABET = " abcdefghijklmnopqrstuvwxyz";

// Letters that are not in the alphabet leave their column empty.
export function oneHot(text) {
  const letters = [...text.toLowerCase()];
  return grid(ALPHABET.length, letters.length, (row, column) => (letters[column] === ALPHABET[row] ? 1 : 0));
}

// A feature as long as the pattern, slid along the text: the share of letters that agree at each place.
export function find(text, pattern) {
  const length = [...pattern].length;
  if (!length || length > [...text].length) return [];
  const [row] = convolve(oneHot(text), oneHot(pattern));
  return row.map((value) => value / length);
}
