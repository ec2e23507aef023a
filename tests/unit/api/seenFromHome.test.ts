import { expect, test } from 'vitest';
import { seenFromHome } from '../../../src/api/seenFromHome.ts';

const home = { root: '/srv/a+b (1)/shop' };

test.each([
  ['/srv/a+b (1)/shop/config/model_config.yaml, line 3: no.', 'config/model_config.yaml, line 3: no.'],
  ['/srv/a+b (1)/shop has no champion.', 'The home has no champion.'],
  [
    'It is gone.\n/srv/a+b (1)/shop is empty. /srv/a+b (1)/shop.',
    'It is gone.\nThe home is empty. The home.',
  ],
  ['Something changes /srv/a+b (1)/shop.', 'Something changes the home.'],
  ['Make one with: clv init --home /srv/a+b (1)/shop', 'Make one with: clv init --home DIR'],
  ['"/srv/a+b (1)/shop/orders.csv" is empty.', '"orders.csv" is empty.'],
])('%j names files by where they are in the home: %j', (sentence, seen) => {
  expect(seenFromHome(sentence, home)).toBe(seen);
});

test.each([
  '/srv/a+b (1)/shop2/orders.csv',
  '/mnt/srv/a+b (1)/shop/orders.csv',
  '/srv/a+b (1)/shop-old is full.',
])('%s is no file of the home and stays as it is', (sentence) => {
  expect(seenFromHome(sentence, home)).toBe(sentence);
});

test('the home at the root of a file system changes nothing, for its path is part of every address', () => {
  expect(seenFromHome('GET /api/models lists /models.', { root: '/' })).toBe(
    'GET /api/models lists /models.',
  );
});
