/** `length` zeros on a buffer that worker threads read and write in place, so that nothing is copied. */
export function sharedFloats(length: number): Float64Array<SharedArrayBuffer> {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}

/** The same numbers on a shared buffer: `values` itself where it already is on one, else a copy. */
export function asSharedFloats(values: Float64Array): Float64Array<SharedArrayBuffer> {
  if (values.buffer instanceof SharedArrayBuffer) return values as Float64Array<SharedArrayBuffer>;
  const copy = sharedFloats(values.length);
  copy.set(values);
  return copy;
}

/** The numbers of some rows, in the order of `rows`, on a shared buffer. */
export function pickShared(values: Float64Array, rows: Uint32Array): Float64Array<SharedArrayBuffer> {
  const picked = sharedFloats(rows.length);
  rows.forEach((row, i) => {
    picked[i] = values[row];
  });
  return picked;
}
