import { decodeBooster } from '../../boosting/boosterFile.ts';
import { decodeForest } from '../../forest/file/decodeForest.ts';
import {
  ForestFileAlteredError,
  ForestFileNewerError,
  ForestFileTruncatedError,
  NotAForestFileError,
} from '../../forest/file/fileErrors.ts';
import { magic as forestMagic } from '../../forest/file/fileLayout.ts';
import { fitsForest } from '../../forest/growing/linearLeaves.ts';
import { sharedFloats } from '../../sharedFloats.ts';
import { counted } from '../../words/counted.ts';
import type { FittedContender } from '../contenders/contender.ts';
import { type Forecaster, forecasterOfForest } from '../forecaster.ts';
import { AT, aligned, digestOf, HEADER_BYTES, MAGIC, type StoredContender, VERSION } from './layout.ts';
import { restore, type StoredForecaster } from './storedForecaster.ts';

/**
 * Reads what `encodeForecaster` wrote, now or in an earlier version, or a forest file, whose windows are those of its card.
 * Trees are views on the bytes, so these must not be written to afterwards.
 *
 * @throws NotAForestFileError, ForestFileTruncatedError, ForestFileAlteredError, ForestFileNewerError.
 */
export function decodeForecaster(
  bytes: Uint8Array,
  windows: { readonly historyMonths: number; readonly predMonths: number },
): Forecaster {
  if (startsWith(bytes, forestMagic)) return forecasterOfForest(decodeForest(bytes), windows);
  if (!startsWith(bytes, MAGIC)) throw new NotAForestFileError();
  const jsonBytes = checkedJsonBytes(bytes);
  // TextDecoder refuses shared memory, so the text is copied.
  const text = new TextDecoder().decode(
    Uint8Array.from(bytes.subarray(HEADER_BYTES, HEADER_BYTES + jsonBytes)),
  );
  const stored = JSON.parse(text) as StoredForecaster;
  let at = HEADER_BYTES + aligned(jsonBytes);
  const nextImage = (length: number): Uint8Array => {
    const image = bytes.subarray(at, at + length);
    at += aligned(length);
    return image;
  };
  return restore(
    stored,
    stored.contenders.map((contender) => decodeContender(contender, nextImage)),
  );
}

/** The length of the JSON section of a file that is whole and of a version that can be read. */
function checkedJsonBytes(bytes: Uint8Array): number {
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
  return header.getUint32(AT.jsonBytes, true);
}

/** @param nextImage gives the next section behind the JSON section, of so many bytes. */
function decodeContender(
  { treeBytes, lineNodes, ...plain }: StoredContender,
  nextImage: (length: number) => Uint8Array,
): FittedContender {
  if (treeBytes === undefined) return plain as unknown as FittedContender;
  const image = nextImage(treeBytes);
  if (plain.name === 'boosted')
    return { ...plain, booster: decodeBooster(image) } as unknown as FittedContender;
  const forest = decodeForest(image);
  const lines =
    lineNodes === undefined
      ? null
      : { slopes: floatsOf(nextImage(8 * lineNodes)), shifts: floatsOf(nextImage(8 * lineNodes)) };
  if (lines !== null && !fitsForest(lines, forest))
    throw new ForestFileAlteredError('the lines of its leaves are of another forest');
  return { ...plain, forest, lines } as unknown as FittedContender;
}

/** A copy, since views on numbers have to begin at a multiple of 8. */
function floatsOf(bytes: Uint8Array): Float64Array<SharedArrayBuffer> {
  const floats = sharedFloats(bytes.length / Float64Array.BYTES_PER_ELEMENT);
  new Uint8Array(floats.buffer).set(bytes);
  return floats;
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && start.every((byte, i) => bytes[i] === byte);
}
