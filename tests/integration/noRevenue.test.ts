import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../apiServer.ts';
import { type Outcome, runClv } from '../runClv.ts';

const SAYS = /no customer paid more than they got back .*data\.columns\.revenue/;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await server.folder.configure('  orders: null', '  orders: orders.csv');
});
afterAll(() => server?.close());

/** The answer of the API about the revenue in a shop whose customers each have these orders. */
async function asked(...amounts: readonly string[]): Promise<{ is_met: boolean; says: string }> {
  const rows = ['a', 'b', 'c'].flatMap((id) => amounts.map((amount, i) => `${id},2025-1${i}-01,${amount}\n`));
  await server.folder.write('orders.csv', `customer_id,order_date,revenue\n${rows.join('')}`);
  const { json } = await server.ask('/api/eligibility');
  return json.findings.find(({ name }: { name: string }) => name === 'revenue');
}

function clv(...args: string[]): Promise<Outcome> {
  return runClv({ redisUrl: server.redis.url, home: server.folder.home.root }, args);
}

test.each([
  ['of amounts of zero', ['0', '0.00']],
  ['where all is cancelled', ['20', '-20']],
  ['that counts sales as negative', ['-20', '-30']],
])('a shop %s is not eligible, and is told which key to look at', async (_, amounts) => {
  expect(await asked(...amounts)).toMatchObject({ is_met: false, says: expect.stringMatching(SAYS) });
});

test('one customer who paid is enough revenue', async () => {
  expect(await asked('20', '-5')).toMatchObject({
    is_met: true,
    says: '3 customers paid more than they got back',
  });
});

test('doctor says so too, and a training is refused for it', async () => {
  await asked('0');
  const [doctor, training] = await Promise.all([clv('doctor'), clv('train')]);
  expect(doctor.stdout).toMatch(/! Eligible/);
  expect(doctor.stdout).toMatch(SAYS);
  expect([training.code, training.stderr]).toEqual([1, expect.stringMatching(SAYS)]);
});
