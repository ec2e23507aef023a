import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodeForest } from '../../../src/domain/forest/file/decodeForest.ts';
import { encodeForest, imageDigest } from '../../../src/domain/forest/file/encodeForest.ts';
import {
  ForestFileAlteredError,
  ForestFileNewerError,
  ForestFileTruncatedError,
  NotAForestFileError,
} from '../../../src/domain/forest/file/fileErrors.ts';
import { headerAt } from '../../../src/domain/forest/file/fileLayout.ts';
import { growForest } from '../../../src/domain/forest/growing/growForest.ts';
import { missingCodeOf } from '../../../src/domain/forest/packedTrees.ts';
import { completeForestParams } from '../../../src/domain/forest/params.ts';
import { predictRows } from '../../../src/domain/forest/predicting/predict.ts';
import { expectSameBytes } from '../../sameBytes.ts';
import { syntheticShop } from './syntheticShop.ts';

const { matrix, target } = syntheticShop(600, 5, 11, 0.3);
const { forest } = growForest(matrix, target, completeForestParams({ trees: 7 }), {
  metadata: { cutoff: '1998-01-01' },
});
const image = encodeForest(forest);

/** A plain copy of the image, changed, with its checksum made right again if asked. */
function changed(change: (bytes: Uint8Array, view: DataView) => void, isSigned = false): Uint8Array {
  const bytes = new Uint8Array(image.length);
  bytes.set(image);
  change(bytes, new DataView(bytes.buffer));
  if (isSigned) bytes.set(imageDigest(bytes), headerAt.sha256);
  return bytes;
}

describe('a forest file', () => {
  test('gives back the forest that was written, as views on its bytes', () => {
    const read = decodeForest(image);
    expect(read).toEqual(forest);
    expect(read.nodes.buffer).toBe(image.buffer);
    expectSameBytes(encodeForest(read), image);
    const before = new Float64Array(600);
    const after = new Float64Array(600);
    predictRows(forest, matrix, 0, 600, before);
    predictRows(read, matrix, 0, 600, after);
    expect(after).toEqual(before);
  });

  test('begins as docs/model-format.md says', () => {
    const header = new DataView(image.buffer, image.byteOffset, 96);
    expect(new TextDecoder().decode(image.subarray(0, 8))).toBe('CLVFORST');
    expect([header.getUint32(8, true), header.getFloat64(16, true)]).toEqual([1, image.length]);
    const counts = [32, 36, 40, 44, 56, 60].map((at) => header.getUint32(at, true));
    const { features, trees } = { features: matrix.featureNames.length, trees: 7 };
    expect(counts).toEqual([features, trees, forest.values.length, forest.edges.length, 600, 0]);
    const digest = createHash('sha256')
      .update(image.subarray(0, 64))
      .update(image.subarray(96))
      .digest('hex');
    expect(Buffer.from(image.subarray(64, 96)).toString('hex')).toBe(digest);
  });

  test('is read from bytes that begin at any address', () => {
    const shifted = new Uint8Array(image.length + 3);
    shifted.set(image, 3);
    expect(decodeForest(shifted.subarray(3))).toEqual(forest);
  });

  test('is refused when truncated, wherever it ends', () => {
    for (const length of [8, 40, 95, 96, 500, image.length - 1]) {
      expect(() => decodeForest(image.subarray(0, length))).toThrow(ForestFileTruncatedError);
    }
  });

  test('is refused when any one byte was altered', () => {
    for (let at = 24; at < image.length; at += 97) {
      const bytes = changed((all) => {
        all[at] ^= 0x10;
      });
      expect(() => decodeForest(bytes)).toThrow(ForestFileAlteredError);
    }
    const longer = new Uint8Array(image.length + 1);
    longer.set(image);
    expect(() => decodeForest(longer)).toThrow(ForestFileAlteredError);
  });

  test('is refused when a newer program wrote it, saying which version', () => {
    const newer = changed((_, view) => view.setUint32(headerAt.version, 3, true), true);
    expect(() => decodeForest(newer)).toThrow(ForestFileNewerError);
    expect(() => decodeForest(newer)).toThrow(/version 3/);
  });

  test('is refused when it is something else', () => {
    expect(() => decodeForest(new TextEncoder().encode('customer_id,predicted_clv\n1,2\n'))).toThrow(
      NotAForestFileError,
    );
    expect(() => decodeForest(new Uint8Array(0))).toThrow(NotAForestFileError);
  });

  test('is refused when a rule points back up its tree, even under a right checksum', () => {
    const at = image.byteLength - forest.nodes.byteLength;
    expect(at).toBeGreaterThan(0);
    const read = decodeForest(image);
    const inner = [...Array(read.values.length).keys()].find(
      (n) => n > 0 && (read.nodes[2 * n + 1] & 0xffff) !== 0xffff,
    )!;
    const circular = changed((_, view) => view.setUint32(read.nodes.byteOffset + 8 * inner, 0, true), true);
    expect(() => decodeForest(circular)).toThrow(ForestFileAlteredError);
  });

  test('is refused when a split leads out of its tree or asks for a feature that there is not', () => {
    const { nodes, treeOffsets, featureNames } = decodeForest(image);
    expect(nodes[0]).toBe(1);
    const last = treeOffsets[1] - 1;
    const at = nodes.byteOffset;
    for (const wrong of [
      // The right child of the root would be the root of the next tree.
      changed((_, view) => view.setUint32(at, last, true), true),
      changed((_, view) => view.setUint32(at + 4, featureNames.length * 0x20000, true), true),
    ])
      expect(() => decodeForest(wrong)).toThrow(/node 0 of tree 0 is neither leaf nor split/);
    const fewer = changed((_, view) => {
      const bytes = view.getUint32(headerAt.jsonBytes, true);
      view.setUint32(headerAt.jsonBytes, bytes - 64, true);
    }, true);
    expect(() => decodeForest(fewer)).toThrow(/its sections do not fill it/);
  });

  test('holds codes of two bytes from the first feature on whose codes a byte cannot tell from the missing one', () => {
    const withEdges = (...counts: number[]) => ({
      ...forest,
      featureNames: counts.map(String),
      edgeOffsets: Uint32Array.from(
        [0, ...counts].map((_, k) => counts.slice(0, k).reduce((a, b) => a + b, 0)),
      ),
    });
    expect(missingCodeOf(withEdges(3, 254, 9))).toBe(255);
    // 255 thresholds have the codes 0 to 255.
    expect(missingCodeOf(withEdges(3, 255, 9))).toBe(65_535);
  });
});
