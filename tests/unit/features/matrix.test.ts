import { expect, test } from 'vitest';
import { joinMatrices } from '../../../src/domain/features/joinMatrices.ts';
import { allocateMatrix, columnOf, pickRows } from '../../../src/domain/features/matrix.ts';

/** Of two features, with these values of each. */
function matrixOf(a: readonly number[], b: readonly number[]) {
  const matrix = allocateMatrix(['a', 'b'], a.length);
  matrix.values.set([...a, ...b]);
  return matrix;
}

test('a column has one entry a row, and a name that there is not is refused', () => {
  const matrix = matrixOf([1, 2, 3], [4, 5, 6]);
  expect([...columnOf(matrix, 'a')]).toEqual([1, 2, 3]);
  expect([...columnOf(matrix, 'b')]).toEqual([4, 5, 6]);
  expect(() => columnOf(matrix, 'c')).toThrow(RangeError);
});

test('rows are picked in the order in which they are asked for', () => {
  const picked = pickRows(matrixOf([1, 2, 3], [4, 5, 6]), Uint32Array.of(2, 0));
  expect([picked.rows, ...picked.values]).toEqual([2, 3, 1, 6, 4]);
});

test('matrices are joined feature by feature, one below the other', () => {
  const joined = joinMatrices([matrixOf([1, 2], [3, 4]), matrixOf([5], [6]), matrixOf([7, 8], [9, 10])]);
  expect(joined.rows).toBe(5);
  expect([...columnOf(joined, 'a')]).toEqual([1, 2, 5, 7, 8]);
  expect([...columnOf(joined, 'b')]).toEqual([3, 4, 6, 9, 10]);
});
