import { encodeBooster } from '../../boosting/boosterFile.ts';
import { encodeForest } from '../../forest/file/encodeForest.ts';
import type { FittedContender } from '../contenders/contender.ts';
import type { Forecaster } from '../forecaster.ts';
import { forestAlone } from '../forestAlone.ts';
import { AT, aligned, digestOf, HEADER_BYTES, MAGIC, type StoredContender, VERSION } from './layout.ts';

/**
 * The file image of a forecaster: a header, a JSON section with everything plain, and the images of its trees. The same
 * forecaster gives the same bytes. A model of one forest alone is written as a forest file.
 *
 * @returns bytes on a shared buffer.
 */
export function encodeForecaster(forecaster: Forecaster): Uint8Array<SharedArrayBuffer> {
  // A forest file would lose a purchase model, intervals, or by how much totals may be missed.
  const { btyd, intervals, totalSpread } = forecaster;
  const isBare = btyd === null && intervals === null && totalSpread === null;
  const alone = isBare ? forestAlone(forecaster) : null;
  if (alone !== null) return encodeForest(alone);
  const images: Uint8Array[] = [];
  const contenders = forecaster.contenders.map((contender): StoredContender => {
    const image = imageOf(contender);
    if (image === null) return { ...contender };
    images.push(image);
    const { name, target } = contender as Extract<FittedContender, { target: unknown }>;
    const stored = { name, target, treeBytes: image.length };
    if (!('lines' in contender) || contender.lines === null) return stored;
    images.push(bytesOf(contender.lines.slopes), bytesOf(contender.lines.shifts));
    return { ...stored, lineNodes: contender.lines.slopes.length };
  });
  const json = new TextEncoder().encode(JSON.stringify({ ...forecaster, contenders }));
  let at = HEADER_BYTES + aligned(json.length);
  const places = images.map((image) => {
    const place = at;
    at += aligned(image.length);
    return place;
  });
  const file = new Uint8Array(new SharedArrayBuffer(at));
  const header = new DataView(file.buffer);
  file.set(MAGIC);
  header.setUint32(AT.version, VERSION, true);
  header.setUint32(AT.jsonBytes, json.length, true);
  header.setFloat64(AT.fileBytes, at, true);
  file.set(json, HEADER_BYTES);
  images.forEach((image, i) => {
    file.set(image, places[i]);
  });
  file.set(digestOf(file), AT.sha256);
  return file;
}

function imageOf(contender: FittedContender): Uint8Array | null {
  if ('forest' in contender) return encodeForest(contender.forest);
  return 'booster' in contender ? encodeBooster(contender.booster) : null;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
