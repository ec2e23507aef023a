import { decodeTrees } from '../forest/file/decodeForest.ts';
import { encodeTrees } from '../forest/file/encodeForest.ts';
import type { Booster } from './booster.ts';

/**
 * The file image of a booster: the container of forests with the kind of a booster. The same booster gives the same
 * bytes. See docs/model-format.md.
 *
 * @returns bytes on a shared buffer.
 */
export function encodeBooster(booster: Booster): Uint8Array<SharedArrayBuffer> {
  const { params, base, metadata } = booster;
  const facts = { params, base, metadata };
  return encodeTrees('booster', booster, { ...booster, leafQuantiles: undefined, facts });
}

/**
 * Reads what {@link encodeBooster} wrote. The arrays are views on the image, as `decodeForest` describes it.
 *
 * @throws the errors of `decodeForest`; ForestFileKindError if the file holds a forest.
 */
export function decodeBooster(bytes: Uint8Array): Booster {
  const { trees, facts, trainingRows, quantum } = decodeTrees(bytes, 'booster');
  const { params, base, metadata } = facts as Pick<Booster, 'params' | 'base' | 'metadata'>;
  return { ...trees, params, base, metadata, trainingRows, quantum };
}
