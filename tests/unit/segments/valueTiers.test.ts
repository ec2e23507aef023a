import { describe, expect, test } from 'vitest';
import { DEFAULT_TIERS, rankByValue } from '../../../src/domain/segments/valueTiers.ts';
import { hasGolden, readTable } from '../../golden.ts';

describe('value tiers', () => {
  test.skipIf(!hasGolden)('of many tied predictions are those of the independent table', () => {
    const rows = readTable('golden/tiers_with_ties.csv.gz');
    const predicted = Float64Array.from(rows, (row) => Number(row.predicted_clv));
    const { ranks, tiers } = rankByValue(predicted, DEFAULT_TIERS);
    rows.forEach((row, i) => {
      expect(ranks[i], row.customer_id).toBe(Number(row.clv_rank));
      expect(ranks[i] / rows.length, row.customer_id).toBeCloseTo(Number(row.clv_percentile), 12);
      expect(DEFAULT_TIERS[tiers[i]].label, row.customer_id).toBe(row.clv_segment);
    });
  });

  test('share the best rank between ties', () => {
    expect([...rankByValue(Float64Array.of(5, 9, 5, 1), DEFAULT_TIERS).ranks]).toEqual([2, 1, 2, 4]);
  });

  test('are closed at their upper bound', () => {
    const { tiers } = rankByValue(
      Float64Array.from({ length: 100 }, (_, i) => -i),
      DEFAULT_TIERS,
    );
    expect(DEFAULT_TIERS.map((_, tier) => tiers.filter((it) => it === tier).length)).toEqual([
      1, 4, 5, 10, 80,
    ]);
  });

  test('are refused for a prediction that is not a number, which is named', () => {
    expect(() => rankByValue(Float64Array.of(1, Number.NaN), DEFAULT_TIERS)).toThrow(/Row 2 .* NaN/);
  });
});
