import { counted } from '../../words/counted.ts';
import { type Forest, pointsPerLeaf } from '../forest.ts';
import type { PackedTrees } from '../packedTrees.ts';
import { type ImageContent, imageDigest } from './encodeForest.ts';
import {
  ForestFileAlteredError,
  ForestFileKindError,
  ForestFileNewerError,
  ForestFileTruncatedError,
  NotAForestFileError,
} from './fileErrors.ts';
import {
  formatVersion,
  headerAt,
  headerBytes,
  layOutSections,
  type ModelKind,
  magic,
  modelKinds,
} from './fileLayout.ts';

/**
 * Reads a `.forest` file image. The forest's arrays are views on the image, not copies, so the image must not
 * be written to afterwards; on a SharedArrayBuffer, threads share them too. (An image that does not begin at a
 * multiple of 8 bytes in its buffer is copied once.)
 *
 * @throws NotAForestFileError, ForestFileTruncatedError, ForestFileAlteredError, ForestFileNewerError, or
 * ForestFileKindError if the file holds a booster.
 */
export function decodeForest(bytes: Uint8Array): Forest {
  const { trees, facts, ...rest } = decodeTrees(bytes, 'forest');
  const { params, metadata } = facts as Pick<Forest, 'params' | 'metadata'>;
  return { ...trees, params, metadata, ...rest };
}

/** Reads a file image of either kind. Throws as {@link decodeForest}, and if the file is of another kind. */
export function decodeTrees(
  bytes: Uint8Array,
  expected: ModelKind,
): ImageContent & { readonly trees: PackedTrees } {
  if (bytes.length < magic.length || magic.some((byte, index) => bytes[index] !== byte)) {
    throw new NotAForestFileError();
  }
  if (bytes.length < headerBytes) throw new ForestFileTruncatedError(bytes.length, headerBytes);
  const image = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const header = new DataView(image.buffer, image.byteOffset, headerBytes);
  const fileBytes = header.getFloat64(headerAt.fileBytes, true);
  if (image.length < fileBytes) throw new ForestFileTruncatedError(image.length, fileBytes);
  if (image.length !== fileBytes)
    throw new ForestFileAlteredError(
      `it goes on for ${counted(image.length - fileBytes, 'byte')} after its end`,
    );
  const digest = imageDigest(image);
  if (digest.some((byte, index) => image[headerAt.sha256 + index] !== byte)) {
    throw new ForestFileAlteredError('its SHA-256 does not match');
  }
  const version = header.getUint32(headerAt.version, true);
  if (version > formatVersion) throw new ForestFileNewerError(version, formatVersion);
  const kind = header.getUint32(headerAt.kind, true);
  if (kind !== modelKinds[expected]) throw new ForestFileKindError(kind, expected);

  const count = (field: keyof typeof headerAt): number => header.getUint32(headerAt[field], true);
  const counts = {
    features: count('features'),
    trees: count('trees'),
    nodes: count('nodes'),
    edges: count('edges'),
    leafTargets: count('leafTargets'),
    leaves: count('leaves'),
    jsonBytes: count('jsonBytes'),
  };
  const at = layOutSections(counts, pointsPerLeaf);
  if (at.end !== fileBytes) throw new ForestFileAlteredError('its sections do not fill it');
  const floats = (offset: number, length: number): Float64Array =>
    new Float64Array(image.buffer, image.byteOffset + offset, length);
  const words = (offset: number, length: number): Uint32Array =>
    new Uint32Array(image.buffer, image.byteOffset + offset, length);
  // TextDecoder refuses shared memory, so the small JSON text is copied.
  const text = new TextDecoder().decode(Uint8Array.from(image.subarray(at.json, at.json + counts.jsonBytes)));
  const { featureNames, ...facts } = JSON.parse(text) as { readonly featureNames: readonly string[] };
  const trees: PackedTrees = {
    featureNames,
    edges: floats(at.edges, counts.edges),
    edgeOffsets: words(at.edgeOffsets, counts.features + 1),
    treeOffsets: words(at.treeOffsets, counts.trees + 1),
    nodes: words(at.nodes, 2 * counts.nodes),
    values: floats(at.values, counts.nodes),
    cover: floats(at.cover, counts.nodes),
  };
  demandSoundTrees(trees);
  return {
    trees,
    facts,
    trainingRows: count('trainingRows'),
    quantum: header.getFloat64(headerAt.quantum, true),
    leafQuantiles:
      counts.leafTargets === 0
        ? undefined
        : {
            targets: floats(at.leafTargets, counts.leafTargets),
            points: new Uint16Array(
              image.buffer,
              image.byteOffset + at.leafPoints,
              pointsPerLeaf * counts.leaves,
            ),
          },
  };
}

/** A file with the right checksum can still be wrong: no node may point outside its tree or back towards the root. */
function demandSoundTrees({ featureNames, nodes, treeOffsets, edgeOffsets }: PackedTrees): void {
  for (let tree = 0; tree + 1 < treeOffsets.length; tree++) {
    const root = treeOffsets[tree];
    const size = treeOffsets[tree + 1] - root;
    if (!(size >= 1 && 2 * (root + size) <= nodes.length))
      throw new ForestFileAlteredError(`tree ${tree} has no nodes`);
    for (let node = 0; node < size; node++) {
      const left = nodes[2 * (root + node)];
      const rule = nodes[2 * (root + node) + 1];
      const isLeaf = left === node && (rule & 0xffff) === 0xffff;
      const isInner = left > node && left + 1 < size && rule >>> 17 < featureNames.length;
      const isPresent = isLeaf ? rule >>> 17 < Math.max(1, featureNames.length) : isInner;
      if (!isPresent)
        throw new ForestFileAlteredError(`node ${node} of tree ${tree} is neither leaf nor split`);
    }
  }
  if (edgeOffsets.length !== featureNames.length + 1)
    throw new ForestFileAlteredError('feature names are missing');
}
