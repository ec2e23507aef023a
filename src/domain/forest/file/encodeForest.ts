import { createHash } from 'node:crypto';
import { type Forest, type LeafQuantiles, pointsPerLeaf } from '../forest.ts';
import { type PackedTrees, treeCount } from '../packedTrees.ts';
import {
  formatVersion,
  headerAt,
  headerBytes,
  layOutSections,
  type ModelKind,
  magic,
  modelKinds,
} from './fileLayout.ts';

/** SHA-256 of a file image, leaving out the 32 bytes that hold it. */
export function imageDigest(image: Uint8Array): Uint8Array {
  return createHash('sha256')
    .update(image.subarray(0, headerAt.sha256))
    .update(image.subarray(headerBytes))
    .digest();
}

/** What a file holds besides the trees themselves. */
export interface ImageContent {
  readonly quantum: number;
  readonly trainingRows: number;
  readonly leafQuantiles: LeafQuantiles | undefined;
  /** What the JSON section holds besides the names of the features. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * The file image of a forest, as docs/model-format.md describes it byte by byte. The same forest gives the same
 * bytes.
 *
 * @returns the bytes of a `.forest` file, on a shared buffer.
 */
export function encodeForest(forest: Forest): Uint8Array<SharedArrayBuffer> {
  const { params, metadata } = forest;
  return encodeTrees('forest', forest, { ...forest, facts: { params, metadata } });
}

/** The file image of any trees. */
export function encodeTrees(
  kind: ModelKind,
  trees: PackedTrees,
  content: ImageContent,
): Uint8Array<SharedArrayBuffer> {
  const { leafQuantiles, facts } = content;
  const { featureNames } = trees;
  const json = new TextEncoder().encode(JSON.stringify({ featureNames, ...facts }));
  const counts = {
    features: featureNames.length,
    trees: treeCount(trees),
    nodes: trees.values.length,
    edges: trees.edges.length,
    leafTargets: leafQuantiles?.targets.length ?? 0,
    leaves: (leafQuantiles?.points.length ?? 0) / pointsPerLeaf,
    jsonBytes: json.length,
  };
  const at = layOutSections(counts, pointsPerLeaf);
  const buffer = new SharedArrayBuffer(at.end);
  const image = new Uint8Array(buffer);
  const header = new DataView(buffer);
  image.set(magic, headerAt.magic);
  header.setUint32(headerAt.version, kind === 'forest' ? 1 : formatVersion, true);
  header.setUint32(headerAt.kind, modelKinds[kind], true);
  header.setUint32(headerAt.jsonBytes, counts.jsonBytes, true);
  header.setFloat64(headerAt.fileBytes, at.end, true);
  header.setFloat64(headerAt.quantum, content.quantum, true);
  header.setUint32(headerAt.features, counts.features, true);
  header.setUint32(headerAt.trees, counts.trees, true);
  header.setUint32(headerAt.nodes, counts.nodes, true);
  header.setUint32(headerAt.edges, counts.edges, true);
  header.setUint32(headerAt.leafTargets, counts.leafTargets, true);
  header.setUint32(headerAt.leaves, counts.leaves, true);
  header.setUint32(headerAt.trainingRows, content.trainingRows, true);
  new Uint32Array(buffer, at.edgeOffsets).set(trees.edgeOffsets);
  new Float64Array(buffer, at.edges).set(trees.edges);
  new Uint32Array(buffer, at.treeOffsets).set(trees.treeOffsets);
  new Uint32Array(buffer, at.nodes).set(trees.nodes);
  new Float64Array(buffer, at.values).set(trees.values);
  new Float64Array(buffer, at.cover).set(trees.cover);
  if (leafQuantiles !== undefined) {
    new Float64Array(buffer, at.leafTargets).set(leafQuantiles.targets);
    new Uint16Array(buffer, at.leafPoints).set(leafQuantiles.points);
  }
  image.set(json, at.json);
  image.set(imageDigest(image), headerAt.sha256);
  return image;
}
