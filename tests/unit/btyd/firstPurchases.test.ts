import { describe, expect, test } from 'vitest';
import { parseBtydModel } from '../../../src/domain/btyd/btydModel.ts';
import { learnFirstPurchases } from '../../../src/domain/btyd/firstPurchases.ts';
import { fitBtyd } from '../../../src/domain/btyd/fitBtyd.ts';
import { summaryOf } from './simulateCustomers.ts';

describe('first purchases', () => {
  test('count for what a later one of those who came back is worth', () => {
    const summary = summaryOf([
      [2, 5, 9, 20, 10],
      [1, 3, 9, 40, 10],
      [0, 0, 9, Number.NaN, 12],
      // Who gives everything back, or begins with a present, tells nothing of it.
      [1, 3, 9, -5, 80],
      [1, 3, 9, 70, 0],
    ]);
    expect(learnFirstPurchases(summary)).toEqual({ laterOverFirst: 3, upTo: 80, beyond: 0 });
    expect(learnFirstPurchases(summaryOf([[0, 0, 9, Number.NaN, 12]])).laterOverFirst).toBe(1);
  });

  test('count in full up to what the largest but four of a thousand are worth, and never for less than nothing', () => {
    const shop = (value: (customer: number) => number) =>
      learnFirstPurchases(summaryOf(Array.from({ length: 1000 }, (_, i) => [0, 0, 9, Number.NaN, value(i)])));
    expect(shop((i) => (i === 0 ? -3 : i < 997 ? i : 1e6))).toEqual({
      laterOverFirst: 1,
      upTo: 995,
      beyond: 0,
    });
    expect(shop(() => -3).upTo).toBe(0);
  });
});

describe('the largest first purchases', () => {
  /** 4,000 customers who all come back; those who began beyond the quantile 0.995 spend this part of it from then on. */
  const shop = (kept: number) =>
    summaryOf(
      Array.from({ length: 4000 }, (_, i) => {
        const first = i < 3980 ? 10 + i / 100 : 400 + 20 * (i - 3980);
        return [1, 3, 9, i < 3980 ? first : kept * first, first];
      }),
    );

  test('count beyond that as far as their customers went on to spend as much', () => {
    const [never, partly, always] = [0.6, 0.85, 1].map((kept) => learnFirstPurchases(shop(kept)));
    expect(never.beyond).toBe(0);
    // Of 19 customers: drawn towards 0 as if there were ten more who did not.
    expect(always.beyond).toBeCloseTo(19 / 29, 2);
    // They began with 600 on average, which is 200 beyond the quantile, and came back for 510.
    expect(partly.beyond).toBeCloseTo((110 / 200) * always.beyond, 2);
  });

  test('never count more than in full, nor less than up to the quantile', () => {
    expect(learnFirstPurchases(shop(40)).beyond).toBe(1);
    expect(learnFirstPurchases(shop(-1)).beyond).toBe(0);
  });

  test('do not count beyond it where no large one led to anything', () => {
    const onlySmallOnesComeBack = summaryOf(
      Array.from({ length: 4000 }, (_, i) => {
        const first = i < 3980 ? 10 + i / 100 : 400 + 20 * (i - 3980);
        return i < 2000 || i >= 3980 ? [1, 3, 9, first, first] : [0, 0, 9, Number.NaN, first];
      }),
    );
    expect(learnFirstPurchases(onlySmallOnesComeBack).beyond).toBe(0);
  });

  test('do not count beyond it where nobody began beyond it', () => {
    const alikeAtTheTop = summaryOf(
      Array.from({ length: 4000 }, (_, i) => {
        const first = i < 3960 ? 10 + i / 100 : 500;
        return [1, 3, 9, first, first];
      }),
    );
    expect(learnFirstPurchases(alikeAtTheTop)).toMatchObject({ upTo: 500, beyond: 0 });
  });

  test('are known to a stored model, and count up to the quantile in one that was stored before', () => {
    const model = fitBtyd(shop(1), { byValue: true });
    expect(parseBtydModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
    const { laterOverFirst, upTo } = model.byValue?.first ?? {};
    const before = { ...model, version: 2, byValue: { ...model.byValue, first: { laterOverFirst, upTo } } };
    expect(parseBtydModel(before).byValue?.first).toEqual({ laterOverFirst, upTo, beyond: 0 });
  });
});
