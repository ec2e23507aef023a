import { describe, expect, test } from 'vitest';
import { amount, roughAmount, signedAmount, totalAmount } from '../../../src/domain/words/amount.ts';

describe('an amount', () => {
  test.each([
    [1234.5, '1,234.50'],
    [-1234.567, '−1,234.57'],
    [1, '1.00'],
    [0.5, '0.50'],
    [0.4561, '0.456'],
    [0.05, '0.05'],
    [0.00312345, '0.00312'],
    [-0.003, '−0.003'],
    [0.000002, '0.000002'],
    [1.4e-14, '0.00'],
    [0, '0.00'],
    [-0, '0.00'],
    [9e11, '900,000,000,000.00'],
  ])('of %d is written as %s', (value, text) => {
    expect(amount(value)).toBe(text);
  });

  test('may carry its sign', () => {
    expect([12, -0.0031, 0].map(signedAmount)).toEqual(['+12.00', '−0.0031', '+0.00']);
  });
});

test.each([
  [123456.7, '123,457'],
  [-1234, '−1,234'],
  [99.96, '100'],
  [12.345, '12.3'],
  [0.00312345, '0.00312'],
  [0, '0'],
])('a total of %d is written as %s', (value, text) => {
  expect(totalAmount(value)).toBe(text);
});

test('a difference is told as roughly as it is known', () => {
  expect([12.3456, 0.00312, -0, -2.5426].map(roughAmount)).toEqual(['12.35', '0.0031', '0', '−2.543']);
});
