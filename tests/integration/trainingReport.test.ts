import { readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reproduceModel } from '../../queues/modelBuild.ts';
import { sha256OfFile } from '../../src/artefacts/sidecar.ts';
import type { RivalComparison } from '../../src/registry/contest.ts';
import { cardPath, type ModelCard, readCard } from '../../src/registry/modelCard.ts';
import { startTestServer, type TestServer } from '../apiServer.ts';
import { type Bench, openBench } from '../runOnQueues.ts';
import { writeTestCandidate } from '../testModel.ts';
import { writeTestOrders } from '../testShop.ts';

const MODEL = 'clv_model_20260101_120000';
/** A single forest, where any model will do: it is made again in a third of the time. */
const FOREST = 'clv_model_20260101_110000';
const OLD = 'clv_model_20250101_000000';

let server: TestServer;
let bench: Bench;
let card: ModelCard;
let result: unknown;

beforeAll(async () => {
  server = await startTestServer();
  await writeTestOrders(server.folder, { customers: 800, trees: 10 });
  bench = await openBench(server.folder.home, server.redis.url);
  await bench.startWorkers(2);
  result = await bench.train(MODEL, { signOff: null });
  card = await readCard(server.folder.home, MODEL);
  await server.folder.configure('engine: tournament', 'engine: forest');
  await bench.train(FOREST, { signOff: null });
});
afterAll(async () => {
  await bench?.close();
  await server?.close();
});

const pathOf = (form: 'html' | 'csv', { report } = card) =>
  `${server.folder.home.outputs}/${report?.[form].file}`;
const ask = (path: string, id = MODEL) => server.ask(`/api/models/${id}${path}`);
const reproduce = (modelId: string) => bench.build(reproduceModel, { modelId, orders: null });

/** Lets `work` happen while a file holds something else, and puts the file back. */
async function withChanged(path: string, content: string, work: () => Promise<void>): Promise<void> {
  const before = await readFile(path);
  await writeFile(path, content);
  try {
    await work();
  } finally {
    await writeFile(path, before);
  }
}

describe('a training', () => {
  test('leaves a page and a table that its card vouches for, and tells where they are', async () => {
    expect(card.report).toMatchObject({
      html: { file: `training/clv_training_report_${MODEL}.html` },
      csv: { file: `training/clv_training_report_${MODEL}.csv` },
    });
    expect(await sha256OfFile(pathOf('html'))).toBe(card.report?.html.sha256);
    expect(await sha256OfFile(pathOf('csv'))).toBe(card.report?.csv.sha256);
    expect(result).toMatchObject({ report: card.report });
  });

  test('is held against the best of its rivals, and page and card say whether that may be chance', async () => {
    const { contenders, best_rival } = card.contest as NonNullable<ModelCard['contest']>;
    const [model, rival] = contenders;
    const best = best_rival as RivalComparison;
    expect(best.name).toBe(rival.name);
    expect(best.rmse_difference).toBeCloseTo(model.rmse - rival.rmse, 9);
    expect(best.interval[0]).toBeLessThan(best.interval[1]);
    expect(best.says).toMatch(/may be chance|is beyond chance/);
    expect(await readFile(pathOf('html'), 'utf8')).toContain(best.says);
  });

  test('reports the figures of the card, of the same customers, beside the mean and the naive rate', async () => {
    const rows = (await readFile(pathOf('csv'), 'utf8')).split('\n').map((row) => row.split(','));
    const overall = (forecast: string, measure: string) =>
      Number(rows.find((row) => row[1] === forecast && row[3] === 'overall' && row[5] === measure)?.[6]);
    const { out_of_time } = card.metrics;
    expect(overall('champion', 'customers')).toBe(out_of_time.customers);
    expect(overall('champion', 'rmse')).toBeCloseTo(out_of_time.rmse, 8);
    expect(overall('champion', 'normalized_gini')).toBeCloseTo(out_of_time.normalizedGini as number, 8);
    expect(overall('mean', 'rmse')).toBeCloseTo(out_of_time.rmse_of_mean, 8);
    expect(overall('mean', 'normalized_gini')).toBeCloseTo(0, 8);
    expect(overall('rate', 'customers')).toBe(out_of_time.customers);
    const chosen = new Set(rows.filter((row) => row[2] === 'yes').map((row) => row[1]));
    expect(chosen).toEqual(new Set(['champion']));
  });
});

describe('the API', () => {
  test('names the report of a model and sends both forms of it', async () => {
    const { report } = (await ask('')).json;
    expect(report).toEqual({
      html: `/api/models/${MODEL}/report`,
      csv: `/api/models/${MODEL}/report.csv`,
    });
    const page = await server.ask(report.html);
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.text).toBe(await readFile(pathOf('html'), 'utf8'));
    // Without it a browser would show the page without its styles.
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'.*style-src 'unsafe-inline'/);
    const table = await server.ask(report.csv);
    expect([table.status, table.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(table.text).toBe(await readFile(pathOf('csv'), 'utf8'));
  });

  test('sends no page that was changed after the training', async () => {
    await withChanged(pathOf('html'), 'all is well', async () => {
      const { status, json } = await ask('/report');
      expect([status, json.error.code]).toEqual([409, 'TRAINING_REPORT_CHANGED']);
    });
  });

  test('says that a model of an earlier version has no report, and that nobody knows another', async () => {
    await writeTestCandidate(server.folder.home, OLD);
    expect((await ask('', OLD)).json.report).toBeNull();
    const { status, json } = await ask('/report', OLD);
    expect([status, json.error.code]).toEqual([404, 'TRAINING_REPORT_UNKNOWN']);
    const unknown = await ask('/report.csv', 'clv_model_20200101_000000');
    expect([unknown.status, unknown.json.error.code]).toEqual([404, 'MODEL_UNKNOWN']);
  });
});

describe('a reproduction', () => {
  test('writes a report again that is missing or was changed, to the byte', async () => {
    await rm(pathOf('html'));
    expect((await ask('/report')).json.error.code).toBe('TRAINING_REPORT_UNKNOWN');
    await writeFile(pathOf('csv'), 'model_id\n');
    expect(await reproduce(MODEL)).toMatchObject({ verdict: 'identical', differences: [] });
    expect(await sha256OfFile(pathOf('html'))).toBe(card.report?.html.sha256);
    expect(await sha256OfFile(pathOf('csv'))).toBe(card.report?.csv.sha256);
  });

  test('leaves a report alone that it would draw otherwise, and takes that for no difference', async () => {
    const own = await readCard(server.folder.home, FOREST);
    const other = structuredClone(own);
    if (other.report) other.report.html.sha256 = '0'.repeat(64);
    await withChanged(cardPath(server.folder.home, FOREST), JSON.stringify(other), () =>
      withChanged(pathOf('html', own), 'drawn by another version', async () => {
        expect(await reproduce(FOREST)).toMatchObject({ verdict: 'identical', differences: [] });
        expect(await readFile(pathOf('html', own), 'utf8')).toBe('drawn by another version');
      }),
    );
  });

  test('makes no report for a card that has none', async () => {
    const own = await readCard(server.folder.home, FOREST);
    const { report: _, ...without } = own;
    await withChanged(cardPath(server.folder.home, FOREST), JSON.stringify(without), async () => {
      await withChanged(pathOf('html', own), 'whatever', async () => {
        expect(await reproduce(FOREST)).toMatchObject({ verdict: 'identical' });
        expect(await readFile(pathOf('html', own), 'utf8')).toBe('whatever');
      });
    });
  });
});
