import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { BASE_FEATURES, chooseFeatures, looksAtSeason } from '../../../src/domain/features/chooseFeatures.ts';
import { FEATURE_GROUPS, FEATURES } from '../../../src/domain/features/featureDeclarations.ts';

describe('a choice of features', () => {
  test('begins with the eleven base features, whatever is chosen', () => {
    expect(BASE_FEATURES).toEqual([
      'revenue_sum',
      'revenue_count',
      'avg_order_value',
      'tenure_days',
      'recency_days',
      'log_revenue_sum',
      'is_repeat_buyer',
      'active_last_30d',
      'mean_days_between_orders',
      'std1_days_between_orders',
      'median_days_between_orders',
    ]);
    expect(chooseFeatures(['base'])).toEqual(BASE_FEATURES);
    expect(chooseFeatures(['recency_days'])).toEqual(BASE_FEATURES);
    expect(chooseFeatures(['all']).slice(0, 11)).toEqual(BASE_FEATURES);
  });

  test('holds each feature once and in the declared order, whatever the order of the words', () => {
    expect(chooseFeatures(['orders_ever', 'season', 'gap_trend', 'season', 'revenue_same_season'])).toEqual([
      ...BASE_FEATURES,
      'gap_trend',
      'revenue_same_season',
      'orders_ever',
    ]);
    expect(chooseFeatures(['all'])).toEqual(FEATURES.map(({ name }) => name));
    expect(chooseFeatures([...FEATURE_GROUPS])).toEqual(chooseFeatures(['all']));
  });

  test('depends on the months that are predicted only where it holds a season', () => {
    expect(looksAtSeason(chooseFeatures(['season']))).toBe(true);
    const others = FEATURE_GROUPS.filter((group) => group !== 'season');
    expect(looksAtSeason(chooseFeatures(others))).toBe(false);
  });

  test('of a word that nobody knows is refused with the closest one', () => {
    expect(() => chooseFeatures(['rythm'])).toThrow(
      expect.objectContaining({
        code: 'FEATURE_UNKNOWN',
        message: expect.stringContaining('did you mean rhythm?'),
      }),
    );
  });
});

test('no two features, and no feature and group, share a name', () => {
  const words = ['all', ...FEATURE_GROUPS, ...FEATURES.map(({ name }) => name)];
  expect(new Set(words).size).toBe(words.length);
});

test('the table of docs/features.md is that of the declarations', async () => {
  const page = await readFile(new URL('../../../docs/features.md', import.meta.url), 'utf8');
  const cells = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(cells).toEqual(
    FEATURES.map(({ name, group, unit, meaning }) => [`\`${name}\``, group, unit, meaning]),
  );
});
