import { expect, test } from 'vitest';
import {
  errorByGroup,
  groupIndices,
  ORDER_GROUPS,
  TENURE_GROUPS,
} from '../../../src/domain/evaluation/errorByGroup.ts';

test.each([
  [TENURE_GROUPS, [1, 30, 31, 90, 91, 180, 181, 365, 366, 730, 731]],
  [ORDER_GROUPS, [1, 2, 3, 4, 5, 9, 10]],
])('each value is in the group whose name tells of it', (groups, values) => {
  const names = [...groupIndices(Float64Array.from(values), groups)].map((index) => groups[index].name);
  values.forEach((value, i) => {
    const [from, to = from] = (names[i].match(/\d+/g) ?? []).map(Number);
    const isWithin = {
      'up to': value <= from,
      over: value > from,
      'or more': value >= from,
      to: value >= from && value <= to,
    };
    const word = /up to|over|or more|to/.exec(names[i])?.[0] as keyof typeof isWithin | undefined;
    expect(word === undefined ? value === from : isWithin[word], `${value} in ${names[i]}`).toBe(true);
  });
});

test('a group whose returns outweigh its purchases has no bias, but an error', () => {
  const [group] = errorByGroup(Float64Array.of(3), Float64Array.of(-1), Uint8Array.of(0), TENURE_GROUPS);
  expect(group).toMatchObject({ customers: 1, bias: null, rmse: 4, mae: 4 });
});

test('a group whose returns cancel its purchases has no bias, whatever rounding leaves of their sum', () => {
  const actual = Float64Array.of(0.1, 0.2, -0.3);
  expect(actual.reduce((sum, value) => sum + value)).toBeGreaterThan(0);
  const [group] = errorByGroup(Float64Array.of(3, 3, 3), actual, new Uint8Array(3), TENURE_GROUPS);
  expect(group).toMatchObject({ customers: 3, meanActual: 0, bias: null });
});
