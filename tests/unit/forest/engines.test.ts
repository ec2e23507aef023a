import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileKernel } from '../../../kernels/compile.mjs';
import { findBinEdges } from '../../../src/domain/forest/binning/binEdges.ts';
import { ColumnEncoder, encodeColumn } from '../../../src/domain/forest/binning/encodeColumn.ts';
import { sortFloats } from '../../../src/domain/forest/binning/sortFloats.ts';
import { KernelEngine } from '../../../src/domain/forest/engine/kernelEngine.ts';
import { PlainEngine } from '../../../src/domain/forest/engine/plainEngine.ts';
import { encodeForest } from '../../../src/domain/forest/file/encodeForest.ts';
import { growForest } from '../../../src/domain/forest/growing/growForest.ts';
import { completeForestParams } from '../../../src/domain/forest/params.ts';
import { KernelLeafFinder, PlainLeafFinder } from '../../../src/domain/forest/predicting/leafFinder.ts';
import { predictRows } from '../../../src/domain/forest/predicting/predict.ts';
import { Random } from '../../../src/domain/random.ts';
import { expectSameBytes } from '../../sameBytes.ts';
import { syntheticShop } from './syntheticShop.ts';

/** Where missing values against all others gain more, by a rounding, than all others against missing values. */
const mirrored = {
  rows: 1700,
  features: 21,
  missing: 0.3,
  seed: 326,
  maxDepth: null,
  minSamplesLeaf: 1,
  mtry: 2,
  bootstrap: true,
  rowsShare: 0.5,
  minGain: 0,
  maxBins: 255,
  isWeighted: false,
} as const;

describe('the WebAssembly kernel against plain TypeScript', () => {
  test('grows the same forests, byte for byte, whatever the parameters', () => {
    const parameters = fc.record({
      rows: fc.constantFrom(1, 2, 7, 60, 500, 1700),
      features: fc.integer({ min: 1, max: 21 }),
      missing: fc.constantFrom(0, 0.3, 1),
      seed: fc.integer({ min: 0, max: 1000 }),
      maxDepth: fc.constantFrom(null, 1, 4, 12),
      minSamplesLeaf: fc.constantFrom(1, 5, 40),
      mtry: fc.constantFrom(0.3, 2, 'all' as const),
      bootstrap: fc.boolean(),
      rowsShare: fc.constantFrom(1, 0.5),
      minGain: fc.constantFrom(0, 0.5),
      maxBins: fc.constantFrom(2, 17, 255),
      isWeighted: fc.boolean(),
    });
    fc.assert(
      fc.property(parameters, ({ rows, features, missing, seed, isWeighted, ...rest }) => {
        const { matrix, target } = syntheticShop(rows, features, seed, missing);
        const random = new Random(seed, 9);
        const weights = isWeighted
          ? Float64Array.from({ length: rows }, (_, row) =>
              row > 0 && random.below(4) === 0 ? 0 : random.uniform() + 0.01,
            )
          : undefined;
        const params = completeForestParams({ ...rest, trees: 3, seed });
        const options = weights === undefined ? {} : { weights };
        const fast = growForest(matrix, target, params, options, (set, own) => new KernelEngine(set, own));
        const plain = growForest(matrix, target, params, options, (set, own) => new PlainEngine(set, own));
        expectSameBytes(encodeForest(fast.forest), encodeForest(plain.forest));
        expect(fast.outOfBag).toEqual(plain.outOfBag);
      }),
      { numRuns: 120, examples: [[mirrored]] },
    );
  });

  test('grows the same trees where histograms of large nodes are subtracted', () => {
    const { matrix, target } = syntheticShop(12_000, 9, 77, 0.2);
    for (const mtry of ['all', 0.5] as const) {
      const params = completeForestParams({ trees: 2, mtry, maxDepth: null });
      const fast = growForest(matrix, target, params, {}, (set, own) => new KernelEngine(set, own));
      const plain = growForest(matrix, target, params, {}, (set, own) => new PlainEngine(set, own));
      expectSameBytes(encodeForest(fast.forest), encodeForest(plain.forest));
    }
  });

  test('finds the same leaves', () => {
    const { matrix, target } = syntheticShop(5003, 6, 78, 0.2);
    const { forest } = growForest(
      matrix,
      target,
      completeForestParams({ trees: 20, maxDepth: null, minSamplesLeaf: 1 }),
    );
    const fast = new Float64Array(5003);
    const plain = new Float64Array(5003);
    predictRows(forest, matrix, 0, 5003, fast, (own, rows) => new KernelLeafFinder(own, rows));
    predictRows(forest, matrix, 0, 5003, plain, (own, rows) => new PlainLeafFinder(own, rows));
    expect(fast).toEqual(plain);
  });

  test('encodes the same codes, on edges, at infinity and where values are missing', () => {
    const encoder = new ColumnEncoder();
    fc.assert(
      fc.property(
        fc.array(fc.double(), { maxLength: 600 }),
        fc.integer({ min: 2, max: 255 }),
        (values, maxBins) => {
          const edges = findBinEdges(Float64Array.from(values), maxBins, 1);
          const column = Float64Array.from([...values, ...edges, Number.NaN, Infinity, -Infinity, 0, -0]);
          const fast = new Uint8Array(column.length);
          const plain = new Uint8Array(column.length);
          encoder.encode(column, edges, fast);
          encodeColumn(column, edges, plain, 0, 1, 255);
          expect(fast).toEqual(plain);
          for (let i = 1; i < edges.length; i++) expect(edges[i]).toBeGreaterThan(edges[i - 1]);
          expect(edges.length).toBeLessThan(maxBins);
        },
      ),
    );
  });

  test('sorts as JavaScript sorts', () => {
    const random = new Random(5);
    const values = Float64Array.from({ length: 30_000 }, (_, i) =>
      i % 7 === 0 ? Math.round(random.normal()) : random.normal() * 10 ** random.below(20),
    );
    values.set([Infinity, -Infinity, 0, -5e-324, 5e-324, Number.MAX_VALUE], 100);
    expect(sortFloats(values.slice())).toEqual(values.slice().sort());
  });

  test('is what kernels/forest.ts compiles to', async () => {
    const root = new URL('../../..', import.meta.url);
    const compiled = await compileKernel(readFileSync(new URL('kernels/forest.ts', root), 'utf8'));
    expect(readFileSync(new URL('src/domain/forest/kernel/kernelBytes.ts', root), 'utf8')).toBe(compiled);
  });
});
