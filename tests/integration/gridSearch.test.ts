import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  cellsOf,
  type GridSearch,
  gridCellJobId,
  gridSearch,
  gridSearchJobId,
} from '../../queues/gridSearch.ts';
import { startGridSearch } from '../../queues/startGridSearch.ts';
import { gridSearchCellPath, gridSearchFolder } from '../../src/artefacts/search/gridSearchCell.ts';
import {
  findGridSearchProposal,
  type GridSearchProposal,
} from '../../src/artefacts/search/gridSearchProposal.ts';
import { followJobs } from '../../src/cli/followJobs.ts';
import { gridSearchSettings, type SearchRequest } from '../../src/config/gridSearchSettings.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { addDays } from '../../src/domain/calendar/dates.ts';
import { type Bench, outputPrints } from '../runOnQueues.ts';
import { openTestShop, type TestShop } from '../testShop.ts';

let shop: TestShop;
let folder: TestShop['folder'];
let bench: Bench;

beforeAll(async () => {
  shop = await openTestShop({ customers: 800, trees: 10, engine: 'forest' });
  ({ folder, bench } = shop);
  await bench.startWorkers();
});
afterAll(() => shop?.close());

const small = { historyMonths: [6, 12], predMonths: [3, 12] };

let searches = 0;

/** A search that was asked for later than all before, since a later one supersedes them. */
async function searchOf(request: SearchRequest = small): Promise<GridSearch> {
  const settings = gridSearchSettings(await loadConfig(folder.home), request);
  return {
    searchId: `clv_grid_search_20260101_${100_000 + ++searches}`,
    requestedAt: '2026-01-01T12:00:00.000Z',
    requestedBy: 'test',
    note: '',
    eligibilityOverride: null,
    orders: null,
    settings: structuredClone(settings) as GridSearch['settings'],
  };
}

function run(search: GridSearch): Promise<unknown> {
  const id = gridSearchJobId(search.searchId);
  const ids = [...cellsOf(search).map((cell) => gridCellJobId(search.searchId, cell)), id];
  return followJobs(
    bench.queues,
    gridSearch.queue,
    ids,
    () => startGridSearch(bench.queues, search),
    () => undefined,
  );
}

/** What the names of its files have of a search: the moment that it was asked for. */
const momentOf = ({ searchId }: GridSearch): string => searchId.replace('clv_grid_search_', '');

async function ended(): Promise<GridSearch> {
  const search = await searchOf();
  await run(search);
  return search;
}

let first: Promise<{ search: GridSearch; proposal: GridSearchProposal | null }> | undefined;

/** A search that has ended, which tests share that leave its files as they are; and what it proposed before a later one. */
function firstSearch() {
  first ??= ended().then(async (search) => ({
    search,
    proposal: await findGridSearchProposal(folder.home.outputs, search.searchId),
  }));
  return first;
}

async function retry(search: GridSearch, id: string): Promise<unknown> {
  const root = gridSearchJobId(search.searchId);
  const job = await bench.queues.byName[gridSearch.queue].getJob(id);
  const start = async (): Promise<string> => {
    await job?.retry((await job.getState()) as 'failed');
    return root;
  };
  return followJobs(bench.queues, gridSearch.queue, [id, root], start, () => undefined);
}

async function retryCell(id: string): Promise<void> {
  const job = await bench.queues.byName[gridSearch.queue].getJob(id);
  const start = async (): Promise<string> => {
    await job?.retry('completed');
    return id;
  };
  await followJobs(bench.queues, gridSearch.queue, [id], start, () => undefined);
}

/** Changes the config until the test is over. */
async function configureHere(from: string, to: string): Promise<void> {
  await folder.configure(from, to);
  onTestFinished(() => folder.configure(to, from));
}

test('of two searches at one moment one is queued, and the other is told which', async () => {
  const idle = await openTestShop({ customers: 20, trees: 2 });
  onTestFinished(() => idle.close());
  const { queues } = idle.bench;
  const results = await Promise.allSettled([
    startGridSearch(queues, await searchOf()),
    startGridSearch(queues, await searchOf()),
  ]);
  expect(results.map((it) => it.status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(startGridSearch(queues, await searchOf())).rejects.toMatchObject({
    code: 'GRID_SEARCH_BUSY',
    jobId: expect.stringMatching(/^grid-search-clv_grid_search_20260101_/),
  });
});

test('a search proposes a window, says why others were skipped, and draws both maps', async () => {
  const { search, proposal } = await firstSearch();
  expect(proposal).toMatchObject({ status: 'proposed', winner: { rank: 1, pred_months: 3 } });
  const skipped = proposal?.combinations.filter((it) => it.status === 'skipped');
  expect(skipped?.map((it) => [it.history_months, it.pred_months])).toEqual([
    [6, 12],
    [12, 12],
  ]);
  expect(skipped?.[1].reason).toMatch(/no fold has a full history: 2 folds take 37 months of orders/);
  const folderPath = gridSearchFolder(folder.home.outputs);
  const csv = await readFile(`${folderPath}/clv_grid_search_results_${momentOf(search)}.csv`, 'utf8');
  const [header, ...rows] = csv.trimEnd().split('\n');
  expect(header.split(',')).toEqual(expect.arrayContaining(['rmse_mean', 'r2_std', 'composite', 'rank']));
  expect(rows.length).toBe(4);
  for (const metric of ['rmse', 'r2']) {
    const png = await readFile(`${folderPath}/clv_grid_search_${metric}_${momentOf(search)}.png`);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.length).toBeGreaterThan(20_000);
  }
});

test('a cell that left no result is retried alone, and the search ends with the same files', async () => {
  const search = await ended();
  const before = await outputPrints(folder.home);
  const [cell] = cellsOf(search);
  await rm(gridSearchCellPath(folder.home.outputs, search.searchId, cell));
  const root = gridSearchJobId(search.searchId);
  await expect(retry(search, root)).rejects.toThrow(/6 months of history and 3 ahead has left no result/);
  const cellId = gridCellJobId(search.searchId, cell);
  await retryCell(cellId);
  await retry(search, root);
  expect(await outputPrints(folder.home)).toEqual(before);
});

test('a damaged cell file is named, and the cell retried alone computes it anew', async () => {
  const search = await ended();
  const before = await outputPrints(folder.home);
  const [, second] = cellsOf(search);
  const path = gridSearchCellPath(folder.home.outputs, search.searchId, second);
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/"isMet": true/, '"isMet": "perhaps"'));
  const root = gridSearchJobId(search.searchId);
  const failure = retry(search, root);
  await expect(failure).rejects.toThrow(`The file ${path} is damaged: eligibility.0.isMet:`);
  await expect(failure).rejects.toThrow('Delete it, retry on the board the grid-cell job');
  await retryCell(gridCellJobId(search.searchId, second));
  await retry(search, root);
  expect(await outputPrints(folder.home)).toEqual(before);
});

test('a cell that fails keeps the search waiting, and retried alone lets it finish', async () => {
  const search = await searchOf();
  const orders = `${folder.home.root}/orders.csv`;
  const text = await readFile(orders, 'utf8');
  await rm(orders);
  await expect(run(search)).rejects.toThrow(/no orders file/);
  await writeFile(orders, text);
  const queue = bench.queues.byName[gridSearch.queue];
  const ids = cellsOf(search).map((cell) => gridCellJobId(search.searchId, cell));
  const states = () => Promise.all(ids.map((id) => queue.getJobState(id)));
  await expect
    .poll(async () => (await states()).every((it) => it === 'failed' || it === 'completed'), {
      timeout: 300_000,
    })
    .toBe(true);
  const failed = (await states()).flatMap((state, i) => (state === 'failed' ? [ids[i]] : []));
  // Cells run side by side: the other one may look for the orders when they are back.
  expect(failed).not.toEqual([]);
  expect(await queue.getJobState(gridSearchJobId(search.searchId))).toBe('waiting-children');
  const root = gridSearchJobId(search.searchId);
  await followJobs(
    bench.queues,
    gridSearch.queue,
    [...ids, root],
    async () => {
      for (const id of failed) await (await queue.getJob(id))?.retry('failed');
      return root;
    },
    () => undefined,
  );
  expect(await findGridSearchProposal(folder.home.outputs, search.searchId)).toMatchObject({
    status: 'proposed',
  });
});

test('fits every fold with the engine and the features of the config, and keeps them in its record', async () => {
  const window = { historyMonths: [12], predMonths: [3] };
  const winnerOf = async (search: GridSearch) => {
    await run(search);
    const proposal = await findGridSearchProposal(folder.home.outputs, search.searchId);
    return { settings: proposal?.settings, metrics: proposal?.winner.metrics };
  };
  await folder.configure('engine: forest', 'engine: tournament');
  const search = await searchOf(window);
  await folder.configure('engine: tournament', 'engine: forest');
  expect(search.settings).toMatchObject({ engine: 'tournament', winsorise: null });
  expect(search.settings.features).toHaveLength(32);
  const tournament = await winnerOf(search);
  expect(tournament.settings).toMatchObject({ engine: 'tournament', features: search.settings.features });

  // What a search was before engines could be chosen, as it may still wait in a queue.
  const { engine, features, isEngineForced, winsorise, ...earlier } = search.settings;
  const old = { ...(await searchOf(window)), settings: earlier } as GridSearch;
  const forest = await winnerOf(old);
  expect(forest.settings).toMatchObject({ engine: 'forest', features: features.slice(0, 11) });
  expect(forest.metrics?.rmse_naive).toEqual(tournament.metrics?.rmse_naive);
  const other = await winnerOf(await searchOf(window));
  expect(other.settings).toMatchObject({ engine: 'forest', features });
  expect(other.metrics?.rmse.mean).not.toBe(forest.metrics?.rmse.mean);
  expect(other.metrics?.rmse.mean).not.toBe(tournament.metrics?.rmse.mean);
  // On a shop whose largest customers decide the error, the contenders are well ahead of one forest.
  expect(tournament.metrics?.rmse.mean).toBeLessThan(forest.metrics?.rmse.mean as number);
});

test('gives the same results with one thread, and with more threads than folds', async () => {
  const results = (search: GridSearch) =>
    readFile(
      `${gridSearchFolder(folder.home.outputs)}/clv_grid_search_results_${momentOf(search)}.csv`,
      'utf8',
    );
  const usual = await results((await firstSearch()).search);
  for (const threads of [1, 5]) {
    bench = await shop.reopen();
    await bench.startWorkers(threads);
    expect(await results(await ended())).toBe(usual);
  }
});

test('windows longer than the orders leave results with reasons, and no proposal', async () => {
  const search = await searchOf({ historyMonths: [60], predMonths: [12] });
  await configureHere('min_days_beyond_window: 180', 'min_days_beyond_window: 0');
  search.eligibilityOverride = 'a test';
  await expect(run(search)).rejects.toThrow(/No pair of windows can be evaluated on orders from/);
  expect(await findGridSearchProposal(folder.home.outputs, search.searchId)).toBeNull();
  expect(await readdir(gridSearchFolder(folder.home.outputs))).toContain(
    `clv_grid_search_results_${momentOf(search)}.csv`,
  );
});

test('orders that cannot carry a forecast are refused in plain words, unless a person overrides it', async () => {
  await configureHere('min_customers: 500', 'min_customers: 5000');
  await expect(run(await searchOf())).rejects.toThrow(/customers with orders, 5,000 needed/);
  const search = { ...(await searchOf()), eligibilityOverride: 'a pilot' };
  await run(search);
  expect((await findGridSearchProposal(folder.home.outputs, search.searchId))?.eligibility.override).toBe(
    'a pilot',
  );
});

test('where nobody ever comes back, the search says so', async () => {
  const rows = Array.from({ length: 900 }, (_, i) => {
    const date = addDays('2023-07-01', i);
    return `o${i},once${i},${date},${10 + (i % 90)}`;
  });
  const orders = `${folder.home.root}/once.csv`;
  await writeFile(orders, `order_id,customer_id,order_date,revenue\n${rows.join('\n')}\n`);
  const search = {
    ...(await searchOf({ historyMonths: [6], predMonths: [3] })),
    orders,
    eligibilityOverride: 'a test',
  };
  await expect(run(search)).rejects.toThrow(/spent the same \(nothing, where nobody of them ordered again\)/);
});
