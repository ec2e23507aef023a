import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gauge, renderMetrics } from '../../../src/api/metrics/exposition.ts';
import { parseExposition } from '../../exposition.ts';

test('labels and values come back as they were, whatever the labels hold', () => {
  const text = fc.string({ unit: fc.constantFrom('\\', '"', '\n', 'n', '{', '}', ',', '=', ' ', 'ü') });
  fc.assert(
    fc.property(text, text, fc.double({ noNaN: true }), (label, help, value) => {
      const metric = {
        name: 'clv_x',
        type: 'gauge',
        help,
        samples: [{ labels: { a: label, b: 'y' }, value }],
      } as const;
      const [parsed] = parseExposition(renderMetrics([metric]));
      expect(parsed).toMatchObject({ name: 'clv_x', type: 'gauge', help });
      expect(parsed.samples).toEqual([{ name: 'clv_x', labels: { a: label, b: 'y' }, value: value + 0 }]);
    }),
  );
});

test('a metric of which nothing is known is left out', () => {
  expect(parseExposition(renderMetrics([gauge('clv_a', 'A.', null), gauge('clv_b', 'B.', 0)]))).toEqual([
    { name: 'clv_b', type: 'gauge', help: 'B.', samples: [{ name: 'clv_b', labels: {}, value: 0 }] },
  ]);
});
