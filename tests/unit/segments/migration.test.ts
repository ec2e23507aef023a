import { expect, test } from 'vitest';
import { migrationMatrix } from '../../../src/domain/segments/migration.ts';

const MOVES = [
  { from: 'Top', to: 'Top', customers: 5 },
  { from: 'Top', to: 'Others', customers: 2 },
  { from: null, to: 'Others', customers: 3 },
  { from: 'Others', to: null, customers: 4 },
];

test('every pair of segments has a cell; new customers are a row and gone ones a column', () => {
  expect(migrationMatrix(MOVES, ['Top', 'Others'], ['Top', 'Others'])).toEqual({
    from: ['Top', 'Others', '(new)'],
    to: ['Top', 'Others', '(gone)'],
    customers: [
      [5, 2, 0],
      [0, 0, 4],
      [0, 3, 0],
    ],
  });
});

test('the segments of the two runs may differ', () => {
  const { customers } = migrationMatrix([{ from: '3', to: '1', customers: 1 }], ['1', '2', '3'], ['1']);
  expect(customers).toEqual([
    [0, 0],
    [0, 0],
    [1, 0],
    [0, 0],
  ]);
});
