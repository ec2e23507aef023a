import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { completeBoostingParams } from '../../../src/domain/boosting/boostingParams.ts';
import { growBooster } from '../../../src/domain/boosting/growBooster.ts';
import { fitActivity } from '../../../src/domain/btyd/fitActivity.ts';
import { fitBtyd } from '../../../src/domain/btyd/fitBtyd.ts';
import { allocateMatrix } from '../../../src/domain/features/matrix.ts';
import { learnStack } from '../../../src/domain/forecast/combination/learnStack.ts';
import { decodeForecaster } from '../../../src/domain/forecast/file/decodeForecaster.ts';
import { encodeForecaster } from '../../../src/domain/forecast/file/encodeForecaster.ts';
import { holdSameModel, olderVersionOf } from '../../../src/domain/forecast/file/olderFormat.ts';
import { type Forecaster, forecasterOfForest } from '../../../src/domain/forecast/forecaster.ts';
import { forestAlone } from '../../../src/domain/forecast/forestAlone.ts';
import { modelForecast } from '../../../src/domain/forecast/modelForecast.ts';
import { encodeForest } from '../../../src/domain/forest/file/encodeForest.ts';
import { growForest } from '../../../src/domain/forest/growing/growForest.ts';
import { allocateLinearLeaves } from '../../../src/domain/forest/growing/linearLeaves.ts';
import { completeForestParams } from '../../../src/domain/forest/params.ts';
import { predictRows } from '../../../src/domain/forest/predicting/predict.ts';
import { Random } from '../../../src/domain/random.ts';
import { expectSameBytes } from '../../sameBytes.ts';

const windows = { historyMonths: 12, predMonths: 6 };
const random = new Random(7);
const matrix = allocateMatrix(['recency_days', 'revenue_sum'], 200);
for (let i = 0; i < matrix.values.length; i++) matrix.values[i] = random.uniform();
const target = Float64Array.from({ length: 200 }, () => random.uniform());
const { forest } = growForest(matrix, target, completeForestParams({ trees: 5 }), { outOfBag: false });
const lines = allocateLinearLeaves(forest);
lines.slopes.fill(0.5);
lines.shifts.set(forest.values);
const { booster } = growBooster(matrix, target, completeBoostingParams({ trees: 4, loss: 'tweedie' }));

const season = { anchor: '2024-02-29', index: [0.8, 1.2, ...new Array<number>(10).fill(1)], shift: null };
const summary = {
  repeatPurchases: Float64Array.of(0, 2, 1, 5),
  recencyWeeks: Float64Array.of(0, 10, 3, 20),
  ageWeeks: Float64Array.of(10, 12, 30, 21),
  meanRepeatValue: Float64Array.of(Number.NaN, 10, 20, 15),
  firstValue: Float64Array.of(12, 11, 18, 15),
};
const model = fitBtyd(summary, { byValue: true });

const forecaster: Forecaster = {
  ...windows,
  btyd: { model, season },
  activity: { model: fitActivity(model, summary), season },
  contenders: [
    { name: 'mean', value: 12.5 },
    { name: 'rate' },
    { name: 'btyd' },
    { name: 'forest', forest, lines, target: { kind: 'identity' } },
    { name: 'boosted', booster, target: { kind: 'identity' } },
    { name: 'forest_btyd', forest, lines: null, target: { kind: 'residual' } },
  ],
  stack: { ...learnStack([], 6), beyond: { from: 500, to: 1000 } },
  season,
  calibration: 1.02,
  intervals: {
    kind: 'levels',
    sizes: [1, 2],
    low: [0.1, 0.1],
    middle: [0.5, 0.5],
    high: [0.9, 0.9],
    highFromZero: [0.8, 0.8],
    highOfIdle: [0.8, 0.8],
  },
  totalSpread: { together: 0.004, dispersion: 130 },
};

/** The file of a model as a program of that version wrote it. */
function fileOf(stored: object, version: number): Uint8Array {
  const file = Uint8Array.from(encodeForecaster(stored as Forecaster));
  new DataView(file.buffer).setUint32(8, version, true);
  const digest = createHash('sha256').update(file.subarray(0, 32)).update(file.subarray(64)).digest();
  file.set(digest, 32);
  return file;
}

describe('the file of a model', () => {
  const image = encodeForecaster(forecaster);

  test('gives the model back, and the same bytes for the same model', () => {
    expect(decodeForecaster(image, windows)).toEqual(forecaster);
    expectSameBytes(encodeForecaster(decodeForecaster(image, windows)), image);
  });

  test('begins as docs/model-format.md says', () => {
    const header = new DataView(image.buffer, image.byteOffset, 64);
    const jsonBytes = header.getUint32(12, true);
    expect(new TextDecoder().decode(image.subarray(0, 8))).toBe('CLVMODEL');
    expect([header.getUint32(8, true), header.getFloat64(16, true)]).toEqual([12, image.length]);
    expect(JSON.parse(new TextDecoder().decode(image.subarray(64, 64 + jsonBytes)))).toMatchObject(windows);
    const digest = createHash('sha256')
      .update(image.subarray(0, 32))
      .update(image.subarray(64))
      .digest('hex');
    expect(Buffer.from(image.subarray(32, 64)).toString('hex')).toBe(digest);
  });

  test('of an older version is known as one, and no other file is', () => {
    expect(olderVersionOf(fileOf(forecaster, 7))).toBe(7);
    expect([image, encodeForest(forest), image.slice(0, 9)].map(olderVersionOf)).toEqual([null, null, null]);
  });

  test('is refused where the lines of a forest are of another one', () => {
    const shorter = { slopes: lines.slopes.slice(1), shifts: lines.shifts.slice(1) };
    const contenders = forecaster.contenders.map((it) =>
      it.name === 'forest' ? { ...it, lines: shorter } : it,
    );
    const mixed = encodeForecaster({ ...forecaster, contenders } as Forecaster);
    expect(() => decodeForecaster(mixed, windows)).toThrow(/lines of its leaves are of another forest/);
  });

  test('of one forest alone is a forest file, as it was before', () => {
    const single = forecasterOfForest(forest, windows);
    expect(forestAlone(single)).toBe(forest);
    expect(forestAlone(forecaster)).toBeNull();
    expectSameBytes(encodeForecaster(single), encodeForest(forest));
    expect(decodeForecaster(encodeForest(forest), windows)).toEqual(single);
    const predicted = new Float64Array(200);
    predictRows(forest, matrix, 0, 200, predicted);
    const alone = { model: single, months: windows, seasonFactor: 1 };
    expect(modelForecast(alone, matrix, new Float64Array(200))).toEqual(predicted);
  });

  test('of one forest with anything more to it keeps that', () => {
    const single = forecasterOfForest(forest, windows);
    const [alone] = single.contenders;
    for (const more of [
      { contenders: [{ ...alone, lines }] },
      {
        contenders: [
          {
            ...alone,
            target: { kind: 'winsorised', quantile: 0.99, cap: 1, cappedRows: 2, cappedShare: 0.1 },
          },
        ],
      },
      { calibration: 1.1 },
      { season },
      { intervals: forecaster.intervals },
      { totalSpread: forecaster.totalSpread },
    ]) {
      const model = { ...single, ...more } as Forecaster;
      // Bounds are beside the forecast; anything else changes it.
      expect(forestAlone(model)).toBe('intervals' in more || 'totalSpread' in more ? forest : null);
      expect(decodeForecaster(encodeForecaster(model), windows)).toEqual(model);
    }
  });

  test('of versions before lines, seasonal time, parameters by value and levels is read as it was', () => {
    const ratios = { sizes: [1, 2], low: [0, 0], middle: [1, 1], high: [2, 2] };
    const { beyond: _, ...unlimited } = forecaster.stack;
    const { reach: __, ...stack } = unlimited;
    const pooled = fitBtyd(summary);
    const { byValue: ___, ...stored } = pooled;
    const contenders = forecaster.contenders.map((it) => ('lines' in it ? { ...it, lines: null } : it));
    for (const [version, before, btyd, time] of [
      [2, { ...forecaster, stack, contenders }, stored, null],
      [3, { ...forecaster, stack }, stored, null],
      [4, { ...forecaster, stack: unlimited }, { model: stored, season }, season],
      [5, { ...forecaster, stack: unlimited }, { model: stored, season }, season],
    ] as const) {
      const old = { ...before, btyd, intervals: ratios };
      expect(decodeForecaster(fileOf(old, version), windows)).toEqual({
        ...before,
        btyd: { model: pooled, season: time },
        stack: { ...before.stack, reach: version >= 4 ? forecaster.stack.reach : null, beyond: null },
        intervals: { kind: 'ratios', ...ratios },
      });
    }
  });

  test('of a version with another name for the groups by value is read as it was', () => {
    const { byValue, ...rest } = model;
    const stored = { ...rest, version: 3, byValue: { first: byValue?.first, laws: byValue?.groups } };
    const old = { ...forecaster, btyd: { model: stored, season } };
    expect(decodeForecaster(fileOf(old, 7), windows)).toEqual(forecaster);
  });

  test('of a version that did not know who is active is read as it was, and holds the same model otherwise', () => {
    const { activity: _, ...stored } = forecaster;
    const old = fileOf(stored, 8);
    expect(decodeForecaster(old, windows)).toEqual({ ...forecaster, activity: null });
    expect(holdSameModel(old, image, windows)).toBe(true);
    expect(holdSameModel(fileOf({ ...stored, calibration: 1.03 }, 8), image, windows)).toBe(false);
    const others = { ...forecaster, activity: { model, season } };
    expect(holdSameModel(encodeForecaster(others), image, windows)).toBe(false);
  });

  test('of a version that knew nobody beyond all measured customers is read so, and holds the same model otherwise', () => {
    const { beyond: _, ...stack } = forecaster.stack;
    const old = fileOf({ ...forecaster, stack }, 9);
    expect(decodeForecaster(old, windows)).toEqual({ ...forecaster, stack: { ...stack, beyond: null } });
    expect(holdSameModel(old, image, windows)).toBe(true);
    const others = { ...forecaster, stack: { ...stack, beyond: { from: 50, to: 100 } } };
    expect(holdSameModel(encodeForecaster(others), image, windows)).toBe(false);
  });

  test('of a version that did not know by how much totals may be missed is read so, and holds the same model otherwise', () => {
    const { totalSpread: _, ...stored } = forecaster;
    const old = fileOf(stored, 10);
    expect(decodeForecaster(old, windows)).toEqual({ ...forecaster, totalSpread: null });
    expect(holdSameModel(old, image, windows)).toBe(true);
    const others = { ...forecaster, totalSpread: { together: 0.005, dispersion: 130 } };
    expect(holdSameModel(encodeForecaster(others), image, windows)).toBe(false);
  });

  test('of a version that knew of no change of level is read so', () => {
    const { shift: _, ...stored } = season;
    const purchases = { model, season: stored };
    const { activity } = forecaster;
    const old = { ...forecaster, btyd: purchases, activity: { ...activity, season: stored }, season: stored };
    expect(decodeForecaster(fileOf(old, 11), windows)).toEqual(forecaster);
    const changed = {
      ...forecaster,
      season: { ...season, shift: { from: '2024-01-29', until: null, factor: 0.6 } },
    };
    expect(decodeForecaster(encodeForecaster(changed), windows)).toEqual(changed);
    expect(holdSameModel(encodeForecaster(changed), image, windows)).toBe(false);
  });

  test('is refused where a single bit is flipped, wherever that is', () => {
    for (let at = 0; at < image.length; at += 97) {
      const damaged = image.slice();
      damaged[at] ^= 1;
      expect(() => decodeForecaster(damaged, windows)).toThrow();
    }
  });

  test('is refused where it is cut short, or too long', () => {
    for (const length of [9, 63, 64, image.length - 1]) {
      expect(() => decodeForecaster(image.slice(0, length), windows)).toThrow(/truncated/);
    }
    const longer = new Uint8Array(image.length + 8);
    longer.set(image);
    expect(() => decodeForecaster(longer, windows)).toThrow(/after its end/);
  });

  test('is refused where it is another file', () => {
    expect(() => decodeForecaster(new TextEncoder().encode('customer_id,clv'), windows)).toThrow(/not a/);
    expect(() => decodeForecaster(new Uint8Array(0), windows)).toThrow(/not a/);
  });
});
