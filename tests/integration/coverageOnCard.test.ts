import { afterAll, expect, test } from 'vitest';
import { plainTraining } from '../../queues/modelBuild.ts';
import { readCard } from '../../src/registry/modelCard.ts';
import { trainChampionProcessor } from '../../workers/modelBuild/trainChampion.ts';
import { lazyPool, openProcessorBench } from '../maturedWindow.ts';
import { TEST_CLOCK } from '../runOnQueues.ts';
import { makeHome } from '../temporaryHome.ts';
import { writeTestOrders } from '../testShop.ts';

const MODEL = 'clv_model_20260101_120000';
const pool = lazyPool();
afterAll(() => pool.close());

/** The card of a small model with this engine. */
async function cardOf(engine: string) {
  const folder = await makeHome();
  try {
    await writeTestOrders(folder, { customers: 600, trees: 5 });
    await folder.configure('engine: tournament', `engine: ${engine}`);
    const bench = openProcessorBench(folder.home, pool);
    await bench.run(trainChampionProcessor, plainTraining(MODEL), TEST_CLOCK.now());
    return await readCard(folder.home, MODEL);
  } finally {
    await folder.remove();
  }
}

test.each(['forest', 'tournament'])(
  'the card of a %s says how many fell within its bounds',
  async (engine) => {
    const { contest } = await cardOf(engine);
    expect(contest?.coverage).toBeGreaterThan(0.6);
    expect(contest?.coverage).toBeLessThanOrEqual(1);
  },
);

test('that of a tournament says from which size on trees do not count', async () => {
  const beyond = (await cardOf('tournament')).contest?.tournament?.beyond;
  expect(beyond?.from).toBeGreaterThan(0);
  expect(beyond?.to).toBe(2 * (beyond?.from ?? 0));
});

test('that of a tournament says what all customers were forecast together, between which bounds, and what came', async () => {
  const { contest, metrics } = await cardOf('tournament');
  const { customers, meanPredicted, meanActual } = metrics.out_of_time;
  const { predicted = 0, p10, p90, actual } = contest?.total ?? {};
  expect(predicted / customers).toBeCloseTo(meanPredicted, 6);
  expect((actual ?? 0) / customers).toBeCloseTo(meanActual, 6);
  expect(p10).toBeLessThan(predicted);
  expect(p90).toBeGreaterThan(predicted);
});

test('that of a model without bounds says so', async () => {
  const { contest } = await cardOf('ml-random-forest');
  expect(contest?.coverage).toBeNull();
  expect(contest?.total).toBeNull();
});

test.each([
  ['forest', true],
  ['tournament', false],
])('whether leaves keep quantiles is on the card of a %s: %s', async (engine, isThere) => {
  expect('leafQuantiles' in (await cardOf(engine)).hyper_parameters).toBe(isThere);
});
