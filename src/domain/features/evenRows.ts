/** `most` rows of `rows`, spread evenly over them, in ascending order; all of them where there are not so many. */
export function evenRows(rows: number, most: number): Uint32Array {
  const taken = Math.min(rows, most);
  return Uint32Array.from({ length: taken }, (_, i) => Math.floor((i * rows) / taken));
}
