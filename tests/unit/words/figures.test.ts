import { expect, test } from 'vitest';
import { figure, signedFigure, signedPercent } from '../../../src/domain/words/figures.ts';

test.each([
  [0.1234, '0.123'],
  [-0.1234, '−0.123'],
  [-0.0000112, '0.000'],
  [0, '0.000'],
  [-12303.2184, '−12,303.218'],
])('a figure of %d is written as %s', (value, text) => {
  expect(figure(value)).toBe(text);
});

test.each([
  [0.1234, '+0.123'],
  [-0.1234, '−0.123'],
  [-0.0000112, '+0.000'],
])('a difference between figures of %d is written as %s', (value, text) => {
  expect(signedFigure(value)).toBe(text);
});

test.each([
  [0.1234, '+12.3 %'],
  [-0.005, '−0.5 %'],
  [-0.0000425, '+0.0 %'],
  [0, '+0.0 %'],
  [-1.5, '−150.0 %'],
  [15.517, '+1,551.7 %'],
])('a difference of %d is written as %s', (share, text) => {
  expect(signedPercent(share)).toBe(text);
});
