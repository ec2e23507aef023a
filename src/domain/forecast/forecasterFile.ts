import { createHash } from 'node:crypto';
import { decodeBooster, encodeBooster } from '../boosting/boosterFile.ts';
import { parseBtydModel } from '../btyd/btydModel.ts';
import { decodeForest } from '../forest/decodeForest.ts';
import { encodeForest } from '../forest/encodeForest.ts';
import {
  ForestFileAlteredError,
  ForestFileNewerError,
  ForestFileTruncatedError,
  NotAForestFileError,
} from '../forest/fileErrors.ts';
import { magic as forestMagic } from '../forest/fileLayout.ts';
import type { Forest } from '../forest/forest.ts';
import { fitsForest } from '../forest/linearLeaves.ts';
import { sharedFloats } from '../sharedFloats.ts';
import { counted } from '../words/counted.ts';
import type { StackWeights } from './combination/stack.ts';
import type { FittedContender } from './contenders/contender.ts';
import { type Forecaster, forecasterOfForest } from './forecaster.ts';
import type { IntervalRatios } from './intervals/intervalRatios.ts';
import type { Intervals } from './intervals/intervals.ts';
import type { PurchaseModel } from './purchases/purchaseModel.ts';
import type { Season } from './season/season.ts';

/** ASCII `CLVMODEL`. */
const MAGIC = Uint8Array.of(0x43, 0x4c, 0x56, 0x4d, 0x4f, 0x44, 0x45, 0x4c);
const VERSION = 8;

/** Where the fields of the header begin, in bytes; all numbers are little-endian. See docs/model-format.md. */
const AT = { version: 8, jsonBytes: 12, fileBytes: 16, sha256: 32 } as const;
const HEADER_BYTES = 64;

/** A contender in the JSON section: trees are replaced by the length of their image, lines by the number of their nodes. */
type StoredContender = Record<string, unknown> & {
  readonly name: FittedContender['name'];
  readonly treeBytes?: number;
  readonly lineNodes?: number;
};

/** Up to version 3 the parameters alone, of weeks of the calendar. `parseBtydModel` reads those of every version. */
type StoredPurchaseModel = { readonly model: unknown; readonly season: Season | null } | object;

/**
 * The file image of a forecaster: a header, a JSON section with everything plain, and the images of its trees. The same
 * forecaster gives the same bytes. A model of one forest alone is written as a forest file.
 *
 * @returns bytes on a shared buffer.
 */
export function encodeForecaster(forecaster: Forecaster): Uint8Array<SharedArrayBuffer> {
  const alone = forestAlone(forecaster);
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

/** The forest of a model that is nothing else, as `forecasterOfForest` makes it; null for one that a forest file would lose a part of. */
function forestAlone({ btyd, contenders, season, calibration, intervals }: Forecaster): Forest | null {
  const [only] = contenders;
  const isAlone = contenders.length === 1 && only.name === 'forest' && only.lines === null;
  const isPlain = btyd === null && season === null && calibration === 1 && intervals === null;
  return isAlone && isPlain && only.target.kind === 'identity' ? only.forest : null;
}

/**
 * Reads what {@link encodeForecaster} wrote, or a forest file, whose windows are those of its card. Trees are views on
 * the bytes, so these must not be written to afterwards.
 *
 * @throws NotAForestFileError, ForestFileTruncatedError, ForestFileAlteredError, ForestFileNewerError.
 */
export function decodeForecaster(
  bytes: Uint8Array,
  windows: { readonly historyMonths: number; readonly predMonths: number },
): Forecaster {
  if (startsWith(bytes, forestMagic)) return forecasterOfForest(decodeForest(bytes), windows);
  if (!startsWith(bytes, MAGIC)) throw new NotAForestFileError();
  if (bytes.length < HEADER_BYTES) throw new ForestFileTruncatedError(bytes.length, HEADER_BYTES);
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const fileBytes = header.getFloat64(AT.fileBytes, true);
  if (bytes.length < fileBytes) throw new ForestFileTruncatedError(bytes.length, fileBytes);
  if (bytes.length !== fileBytes)
    throw new ForestFileAlteredError(
      `it goes on for ${counted(bytes.length - fileBytes, 'byte')} after its end`,
    );
  if (digestOf(bytes).some((byte, i) => bytes[AT.sha256 + i] !== byte))
    throw new ForestFileAlteredError('its SHA-256 does not match');
  const version = header.getUint32(AT.version, true);
  if (version > VERSION) throw new ForestFileNewerError(version, VERSION);
  const jsonBytes = header.getUint32(AT.jsonBytes, true);
  // TextDecoder refuses shared memory, so the text is copied.
  const text = new TextDecoder().decode(
    Uint8Array.from(bytes.subarray(HEADER_BYTES, HEADER_BYTES + jsonBytes)),
  );
  const stored = JSON.parse(text) as Omit<
    Forecaster,
    'btyd' | 'contenders' | 'season' | 'stack' | 'intervals'
  > & {
    /** Up to version 3 without a reach. */
    readonly stack: Omit<StackWeights, 'reach'> & Partial<Pick<StackWeights, 'reach'>>;
    readonly btyd: StoredPurchaseModel | null;
    /** Files of version 1 know no season. */
    readonly season?: Season | null;
    readonly contenders: StoredContender[];
    /** Up to version 5 ratios, and nothing that says so. */
    readonly intervals: Intervals | Omit<IntervalRatios, 'kind'> | null;
  };
  let at = HEADER_BYTES + aligned(jsonBytes);
  const next = (length: number): Uint8Array => {
    const image = bytes.subarray(at, at + length);
    at += aligned(length);
    return image;
  };
  const contenders = stored.contenders.map((contender): FittedContender => {
    const { treeBytes, lineNodes, ...plain } = contender;
    if (treeBytes === undefined) return plain as unknown as FittedContender;
    const image = next(treeBytes);
    if (contender.name === 'boosted')
      return { ...plain, booster: decodeBooster(image) } as unknown as FittedContender;
    const forest = decodeForest(image);
    const lines =
      lineNodes === undefined
        ? null
        : { slopes: floatsOf(next(8 * lineNodes)), shifts: floatsOf(next(8 * lineNodes)) };
    if (lines !== null && !fitsForest(lines, forest))
      throw new ForestFileAlteredError('the lines of its leaves are of another forest');
    return { ...plain, forest, lines } as unknown as FittedContender;
  });
  const { btyd, stack, intervals } = stored;
  return {
    ...stored,
    btyd: btyd === null ? null : readPurchaseModel(btyd),
    season: stored.season ?? null,
    stack: { ...stack, reach: stack.reach ?? null },
    intervals: intervals === null || 'kind' in intervals ? intervals : { kind: 'ratios', ...intervals },
    contenders,
  };
}

function readPurchaseModel(stored: StoredPurchaseModel): PurchaseModel {
  return 'model' in stored
    ? { model: parseBtydModel(stored.model), season: stored.season }
    : { model: parseBtydModel(stored), season: null };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** A copy, since views on numbers have to begin at a multiple of 8. */
function floatsOf(bytes: Uint8Array): Float64Array<SharedArrayBuffer> {
  const floats = sharedFloats(bytes.length / Float64Array.BYTES_PER_ELEMENT);
  new Uint8Array(floats.buffer).set(bytes);
  return floats;
}

function imageOf(contender: FittedContender): Uint8Array | null {
  if ('forest' in contender) return encodeForest(contender.forest);
  return 'booster' in contender ? encodeBooster(contender.booster) : null;
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && start.every((byte, i) => bytes[i] === byte);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** SHA-256 of a file image, leaving out the bytes that hold it. */
function digestOf(file: Uint8Array): Uint8Array {
  return createHash('sha256')
    .update(file.subarray(0, AT.sha256))
    .update(file.subarray(HEADER_BYTES))
    .digest();
}
