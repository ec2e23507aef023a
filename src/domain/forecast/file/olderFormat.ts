import { isDeepStrictEqual } from 'node:util';
import type { Forecaster } from '../forecaster.ts';
import { decodeForecaster } from './decodeForecaster.ts';
import { AT, HEADER_BYTES, MAGIC, VERSION } from './layout.ts';

/** The format version of a file image of a model, if it is one that is read and no longer written; else null. */
export function olderVersionOf(image: Uint8Array): number | null {
  if (image.length < HEADER_BYTES || MAGIC.some((byte, i) => image[i] !== byte)) return null;
  const version = new DataView(image.buffer, image.byteOffset, HEADER_BYTES).getUint32(AT.version, true);
  return version < VERSION ? version : null;
}

/**
 * Whether two file images, of any versions, hold the same model: it then makes the same forecasts, to the last bit. Where one
 * of them does not know who is still active, who is far larger than all measured customers, or by how much totals may be
 * missed, because it was written before models did, that is not compared. Throws what `decodeForecaster` throws.
 */
export function holdSameModel(
  a: Uint8Array,
  b: Uint8Array,
  windows: { readonly historyMonths: number; readonly predMonths: number },
): boolean {
  const [first, second] = [a, b].map((image) => decodeForecaster(image, windows));
  const both = (knows: (it: Forecaster) => unknown): boolean =>
    knows(first) !== null && knows(second) !== null;
  const activity = both((it) => it.activity);
  const beyond = both(({ stack }) => stack.beyond);
  const totalSpread = both((it) => it.totalSpread);
  const compared = (it: Forecaster): Forecaster => ({
    ...it,
    activity: activity ? it.activity : null,
    stack: beyond ? it.stack : { ...it.stack, beyond: null },
    totalSpread: totalSpread ? it.totalSpread : null,
  });
  return isDeepStrictEqual(compared(first), compared(second));
}
