// The same columns in another order.

export function order(count, next) {
  const places = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [places[i], places[j]] = [places[j], places[i]];
  }
  return places;
}

export function reordered(rows, places) {
  return rows.map((row) => places.map((place) => row[place]));
}
