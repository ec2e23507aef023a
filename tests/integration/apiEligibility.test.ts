import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ORDERS_CODES } from '../../src/api/errors/statusOfCode.ts';
import { startTestServer, type TestServer } from '../apiServer.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await server.folder.configure('  orders: null', '  orders: orders.csv');
});
afterAll(() => server?.close());

test.each([
  ['ORDERS_COLUMN_MISSING', 'a,b\n1,2\n'],
  ['ORDERS_NONE', 'customer_id,order_date,revenue\n'],
  ['ORDERS_FILE_EMPTY', ''],
  ['ORDERS_REJECTED', 'customer_id,order_date,revenue\n1,yesterday,5\n'],
  ['ORDERS_FILE_ENCODING', [...'customer_id,order_date,revenue\n1,2025-12-01,5\n'].join('\0')],
  ['ORDERS_COLUMN_TWICE', 'customer_id,customer_id,order_date,revenue\n1,1,2025-12-01,5\n'],
])('orders that cannot be used are told as %s, and are no fault of the server', async (code, text) => {
  await server.folder.write('orders.csv', text);
  const logged = server.log.length;
  const reply = await server.ask('/api/eligibility');
  expect([reply.status, reply.json.error.code]).toEqual([409, code]);
  expect(reply.json.error.remedy).toEqual(expect.any(String));
  expect(server.log.slice(logged).some((line) => Number(line.level) >= 50)).toBe(false);
});

test('whatever may be wrong with orders has a status of its own', async () => {
  const sources = await Promise.all(
    (await readdir('src/orders', { recursive: true }))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFile(`src/orders/${name}`, 'utf8')),
  );
  const codes = new Set(sources.join('\n').match(/(?<=')ORDERS_[A-Z_]+(?=')/g));
  expect(codes.size).toBeGreaterThan(10);
  expect(ORDERS_CODES).toEqual(expect.arrayContaining([...codes]));
});

test('the history of a shop is counted from its opening, not from an order long before', async () => {
  const rows = ['2021-01-05', '2025-06-01', '2025-06-02'].map((day, i) => `o${i},c${i},${day},5`);
  await server.folder.write('orders.csv', `order_id,customer_id,order_date,revenue\n${rows.join('\n')}\n`);
  const { status, json } = await server.ask('/api/eligibility');
  expect(status).toBe(200);
  expect(json).toMatchObject({
    orders: { orders: 3, first_date: '2021-01-05', opening_date: '2025-06-01', last_date: '2025-06-02' },
  });
  expect(JSON.stringify(json)).toContain('the orders span 2 days');
});
