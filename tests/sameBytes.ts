import { expect } from 'vitest';

/** Fails where two images differ, and says where first. `toEqual` looks at every byte by itself, a second for a small model. */
export function expectSameBytes(found: Uint8Array, wanted: Uint8Array): void {
  expect(found.length).toBe(wanted.length);
  if (Buffer.compare(found, wanted) === 0) return;
  const at = found.findIndex((byte, i) => byte !== wanted[i]);
  expect({ at, byte: found[at] }).toEqual({ at, byte: wanted[at] });
}
