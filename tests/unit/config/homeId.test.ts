import { expect, test } from 'vitest';
import { givenHomeId } from '../../../src/config/homeId.ts';

test.each(['shop', 'shop-2', '7', 'a'.repeat(32)])('%s can name a home', (id) => {
  expect(givenHomeId({ CLV_HOME_ID: ` ${id} ` })).toBe(id);
});

test.each([{}, { CLV_HOME_ID: '' }, { CLV_HOME_ID: ' ' }])('%o names none', (env) => {
  expect(givenHomeId(env)).toBeUndefined();
});

test.each(['Shop', 'my shop', '-shop', 'a:b', '*', 'a'.repeat(33)])('%s is refused by a sentence', (id) => {
  expect(() => givenHomeId({ CLV_HOME_ID: id })).toThrow(
    expect.objectContaining({
      code: 'HOME_ID_INVALID',
      message: `CLV_HOME_ID is ${JSON.stringify(id)}, which cannot name a home.`,
    }),
  );
});
