import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  findGridSearchProposal,
  gridSearchProposalPath,
} from '../../src/artefacts/search/gridSearchProposal.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { CONFIG_TEMPLATE } from '../../src/config/template.ts';
import { approvalsPath, readDecisions } from '../../src/registry/approvalsLedger.ts';
import { auditRegistry } from '../../src/registry/audit.ts';
import {
  type ApprovedTraining,
  decideOnSearch,
  type SearchDecision,
  type TrainingQueue,
} from '../../src/registry/decideOnSearch.ts';
import { publishProposal } from '../../src/registry/gridSearches.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';
import { writeTestCandidate } from '../testModel.ts';
import { testCombination, writeTestProposal } from '../testSearch.ts';

const [OLD, NEW] = ['clv_grid_search_20250901_100000', 'clv_grid_search_20260101_100000'];
const NOW = Date.UTC(2026, 0, 1, 12);

let folder: TemporaryHome;
/** What the queue of trainings holds, by model. */
let queued: Map<string, ApprovedTraining>;

beforeEach(async () => {
  folder = await makeHome();
  queued = new Map();
  await writeTestProposal(folder.home, NEW);
});
afterEach(() => folder.remove());

const trainings: TrainingQueue = {
  find: async (id) => (queued.has(id) ? 'pending' : 'absent'),
  start: async (training) => queued.set(training.modelId, training),
};

function decide(change: Partial<SearchDecision> = {}, queue: TrainingQueue | null = trainings, nowMs = NOW) {
  const request = { searchId: NEW, decision: 'approve', window: null, approver: 'Ada', note: 'the winner' };
  return decideOnSearch(folder.home, { ...request, ticket: null, ...change } as SearchDecision, {
    nowMs,
    trainings: queue,
  });
}
const modeling = async () => (await loadConfig(folder.home)).modeling;
const configText = () => readFile(folder.home.configFile, 'utf8');
const proposalOf = (id: string) => findGridSearchProposal(folder.home.outputs, id);
const ledger = async () => (await readDecisions(folder.home)).decisions.map(({ decision }) => decision);

describe('an approval', () => {
  test('writes ledger, config, record and training; every comment of the config stays', async () => {
    const { decision, proposal } = await decide({ ticket: 'T-1' });
    expect(decision).toMatchObject({
      gate: 'window',
      subject: NEW,
      approver: 'Ada',
      ticket: 'T-1',
      window: { history_months: 12, pred_months: 3 },
    });
    expect(await configText()).toBe(CONFIG_TEMPLATE.replace('\n  pred_months: 6', '\n  pred_months: 3'));
    expect(proposal).toMatchObject({
      status: 'approved',
      decision: { model_id: 'clv_model_20260101_120000' },
    });
    expect([...queued.values()]).toEqual([
      {
        modelId: 'clv_model_20260101_120000',
        historyMonths: 12,
        predMonths: 3,
        hyperParameters: { trees: 200, maxDepth: 12, minSamplesLeaf: 5, mtry: 1 / 3 },
        orders: null,
        overrideEligibility: null,
        search: { id: NEW, metrics: testCombination().metrics },
      },
    ]);
  });

  test('may choose another evaluated window than the winner', async () => {
    await decide({ window: { history_months: 6, pred_months: 3 }, note: 'we restructured in summer' });
    expect(await modeling()).toMatchObject({ history_months: 6, pred_months: 3 });
    expect([...queued.values()][0]).toMatchObject({ historyMonths: 6, predMonths: 3 });
  });

  test('takes hyper-parameters of its combination into config and training', async () => {
    const winner = testCombination({
      hyper_parameters: { trees: 50, max_depth: 6, min_samples_leaf: 20, mtry: 'all' },
    });
    const twin = testCombination({ rank: 2 });
    await writeTestProposal(folder.home, NEW, { winner, combinations: [twin, winner] });
    await decide();
    expect((await modeling()).forest).toMatchObject({
      trees: 50,
      max_depth: 6,
      min_samples_leaf: 20,
      features_per_split: 1,
    });
    expect([...queued.values()][0].hyperParameters).toEqual({
      trees: 50,
      maxDepth: 6,
      minSamplesLeaf: 20,
      mtry: 'all',
    });
  });

  test('leaves the depth in the config as it is where the combination sets no limit', async () => {
    const hyper_parameters = { trees: 200, max_depth: null, min_samples_leaf: 5, mtry: 1 / 3 };
    const winner = testCombination({ hyper_parameters });
    await writeTestProposal(folder.home, NEW, { winner, combinations: [winner] });
    await decide();
    expect((await modeling()).forest.max_depth).toBe(12);
    expect([...queued.values()][0].hyperParameters.maxDepth).toBeNull();
  });

  test('does not take the id of a training that is queued', async () => {
    const other = { modelId: 'clv_model_20260101_120000' } as ApprovedTraining;
    queued.set(other.modelId, other);
    await decide();
    expect([...queued.keys()]).toEqual([other.modelId, 'clv_model_20260101_120001']);
  });

  test('goes on with the orders of the search and with the note that overrode its eligibility', async () => {
    await writeTestProposal(folder.home, NEW, {
      orders_source: 'pilot.csv',
      eligibility: { findings: [], override: 'a pilot' },
    });
    await decide();
    expect([...queued.values()][0]).toMatchObject({ orders: 'pilot.csv', overrideEligibility: 'a pilot' });
  });

  test('does not take the id of a model that is there', async () => {
    await writeTestCandidate(folder.home, 'clv_model_20260101_120000');
    await decide();
    expect([...queued.keys()]).toEqual(['clv_model_20260101_120001']);
  });

  test.each(['approver', 'note'])('without %s is refused and changes nothing', async (what) => {
    await expect(decide({ [what]: ' \n' })).rejects.toMatchObject({ code: 'SIGNATURE_MISSING' });
    expect([await configText(), await ledger(), queued.size]).toEqual([CONFIG_TEMPLATE, [], 0]);
  });

  test.each(['clv_grid_search_20200101_000000', '../../config/model_config'])(
    'of the unknown search %s is refused',
    (searchId) => expect(decide({ searchId })).rejects.toMatchObject({ code: 'GRID_SEARCH_UNKNOWN' }),
  );

  test.each([
    [{ history_months: 24, pred_months: 12 }, /skipped 24 months of history and 12 ahead: no fold has/],
    [{ history_months: 9, pred_months: 9 }, /did not look at 9 months of history/],
  ])('of the window %o, which was not evaluated, is refused with the reason', async (window, says) => {
    const refusal = decide({ window });
    await expect(refusal).rejects.toThrow(says);
    await expect(refusal).rejects.toMatchObject({ code: 'WINDOW_NOT_EVALUATED' });
    expect([await configText(), await ledger()]).toEqual([CONFIG_TEMPLATE, []]);
  });

  test('that the config cannot take is refused before anything is written', async () => {
    const text = CONFIG_TEMPLATE.replace('  pred_months: 6', '  pred_months: six');
    await writeFile(folder.home.configFile, text);
    await expect(decide()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect([await configText(), await ledger(), (await proposalOf(NEW))?.status]).toEqual([
      text,
      [],
      'proposed',
    ]);
  });

  test.each(['approve', 'reject'] as const)('after a first decision to %s is refused', async (decision) => {
    await decide({ decision });
    const size = queued.size;
    await expect(decide({ decision })).rejects.toMatchObject({ code: 'ALREADY_DECIDED' });
    await expect(decide({ approver: 'Bob' })).rejects.toThrow(/by Ada at 2026-01-01T12:00:00/);
    expect([(await ledger()).length, queued.size]).toEqual([1, size]);
  });

  test('of many at one moment counts once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => decide()));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect([(await ledger()).length, queued.size]).toEqual([1, 1]);
  });
});

test('a rejection changes neither config nor queue', async () => {
  const { proposal } = await decide({ decision: 'reject', note: 'too noisy' }, null);
  expect(proposal).toMatchObject({ status: 'rejected', decision: { window: null, model_id: null } });
  expect([await configText(), queued.size]).toEqual([CONFIG_TEMPLATE, 0]);
});

describe('a newer search', () => {
  test('supersedes older proposals, and leaves decided ones as they are', async () => {
    await writeTestProposal(folder.home, OLD);
    await decide();
    const newest = 'clv_grid_search_20260401_100000';
    await publishProposal(folder.home, { ...(await writeTestProposal(folder.home, newest)) });
    expect((await Promise.all([OLD, NEW, newest].map(proposalOf))).map((it) => it?.status)).toEqual([
      'superseded',
      'approved',
      'proposed',
    ]);
    await expect(decide({ searchId: OLD })).rejects.toMatchObject({
      code: 'GRID_SEARCH_SUPERSEDED',
      message: `${OLD} was superseded by ${newest}, which saw newer orders.`,
    });
  });

  test('is preferred even where an older one was not marked', async () => {
    await writeTestProposal(folder.home, OLD);
    await expect(decide({ searchId: OLD })).rejects.toMatchObject({ code: 'GRID_SEARCH_SUPERSEDED' });
  });

  test('that ends before an older one supersedes that one as well', async () => {
    const late = await publishProposal(folder.home, await writeTestProposal(folder.home, OLD));
    expect([late.status, (await proposalOf(NEW))?.status]).toEqual(['superseded', 'proposed']);
  });

  test('that is published again does not take a decision back', async () => {
    const proposal = await proposalOf(NEW);
    await decide();
    if (proposal) await publishProposal(folder.home, proposal);
    expect((await proposalOf(NEW))?.status).toBe('approved');
  });
});

/** Approves NEW in a process that kills itself after a step; its queue is a folder of files, which outlives it. */
async function approveAndDieAfter(step: string): Promise<void> {
  const program = `
    import { writeFileSync } from 'node:fs';
    import { homeAt } from './dist/src/config/home.js';
    import { decideOnSearch } from './dist/src/registry/decideOnSearch.js';
    const [root, step] = process.argv.slice(1);
    const request = { searchId: '${NEW}', decision: 'approve', window: null, approver: 'Ada', note: 'the winner', ticket: null };
    const afterStep = (it) => it === step && process.kill(process.pid, 'SIGKILL');
    const trainings = {
      find: async () => 'absent',
      start: async (training) => writeFileSync(root + '/queued.json', JSON.stringify(training)),
    };
    await decideOnSearch(homeAt(root), request, { nowMs: ${NOW}, trainings, afterStep });
  `;
  const args = ['--input-type=module', '--eval', program, folder.home.root, step];
  await expect(promisify(execFile)(process.execPath, args)).rejects.toMatchObject({ signal: 'SIGKILL' });
  const left = await readFile(`${folder.home.root}/queued.json`, 'utf8').catch(() => null);
  if (left !== null) queued.set(JSON.parse(left).modelId, JSON.parse(left));
}

describe('an approval whose process is killed', () => {
  const LATER = NOW + 3_600_000;
  const expectWhole = async () => {
    expect(await modeling()).toMatchObject({ history_months: 12, pred_months: 3 });
    expect(await proposalOf(NEW)).toMatchObject({ status: 'approved', decision: { approver: 'Ada' } });
    expect([...queued.keys()]).toEqual(['clv_model_20260101_120000']);
    expect((await auditRegistry(folder.home)).filter(({ state }) => state === 'wrong')).toEqual([]);
  };

  test('before its training was queued is named by the audit as one without a model', async () => {
    await approveAndDieAfter('status');
    expect(await auditRegistry(folder.home)).toContainEqual({
      what: NEW,
      state: 'mind',
      says: expect.stringMatching(
        /^approved by Ada at .*, but its model clv_model_20260101_120000 is not there/,
      ),
    });
  });

  test.each(['decision', 'config', 'status'])(
    'after the step %s is completed by a repeat of the request',
    async (step) => {
      await approveAndDieAfter(step);
      expect(queued.size).toBe(0);
      const { decision, mended } = await decide({}, trainings, LATER);
      expect(decision.at).toBe('2026-01-01T12:00:00.000Z');
      expect(mended).toHaveLength(1);
      await expectWhole();
      expect(await ledger()).toHaveLength(1);
      await expect(decide({}, trainings, LATER)).rejects.toMatchObject({ code: 'ALREADY_DECIDED' });
    },
  );

  test('after the step training is whole, so that a repeat is refused', async () => {
    await approveAndDieAfter('training');
    await expect(decide({}, trainings, LATER)).rejects.toMatchObject({ code: 'ALREADY_DECIDED' });
    await expectWhole();
  });

  test.each(['decision', 'config', 'status'])(
    'after the step %s is completed by the decision of somebody else, who is refused',
    async (step) => {
      await approveAndDieAfter(step);
      await expect(decide({ approver: 'Bob', decision: 'reject' }, trainings, LATER)).rejects.toMatchObject({
        code: 'ALREADY_DECIDED',
      });
      await expectWhole();
    },
  );

  test('is completed by the next decision on another search', async () => {
    await approveAndDieAfter('decision');
    const newest = 'clv_grid_search_20260401_100000';
    await publishProposal(folder.home, await writeTestProposal(folder.home, newest));
    expect((await proposalOf(NEW))?.status).toBe('proposed');
    const { mended } = await decide({ searchId: newest, decision: 'reject', approver: 'Bob' });
    expect(mended).toEqual([`The decision of Ada on ${NEW} had been cut short and is carried out now.`]);
    await expectWhole();
  });

  test('in the middle of its row leaves nothing decided', async () => {
    await approveAndDieAfter('decision');
    const path = approvalsPath(folder.home);
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, -20));
    const { decision } = await decide({ approver: 'Bob' }, trainings, LATER);
    expect(decision).toMatchObject({ approver: 'Bob', at: '2026-01-01T13:00:00.000Z' });
    expect(await ledger()).toHaveLength(1);
  });

  test('is told of by the audit until it is completed', async () => {
    await approveAndDieAfter('decision');
    expect((await auditRegistry(folder.home)).filter(({ state }) => state === 'wrong')).toEqual([
      expect.objectContaining({ what: NEW, says: expect.stringContaining('approved by Ada') }),
    ]);
  });
});

describe.each([
  // The record of the search is about 3 kB, the config more than 4: a limit on the size of files stands for a full disk.
  ['approve', 4, 'The config does not have the window yet, and its training is not queued.'],
  ['reject', 1, 'The record of the search does not say so yet.'],
] as const)('a decision to %s that finds no room after its row', (decision, kilobytes, left) => {
  test('says what holds and what is left, and is completed by a repeat', async () => {
    const program = `
      import { homeAt } from './dist/src/config/home.js';
      import { decideOnSearch } from './dist/src/registry/decideOnSearch.js';
      const request = { searchId: '${NEW}', decision: '${decision}', window: null, approver: 'Ada', note: 'the winner', ticket: null };
      const trainings = { find: async () => 'absent', start: async () => console.log('started') };
      await decideOnSearch(homeAt(process.argv[1]), request, { nowMs: ${NOW}, trainings }).catch((error) => console.log(error.toSentences()));
    `;
    const limited = `ulimit -f ${kilobytes}; exec "$0" --input-type=module --eval "$1" "$2"`;
    const args = ['-c', limited, process.execPath, program, folder.home.root];
    const { stdout } = await promisify(execFile)('bash', args);
    expect(stdout).toContain(
      `The decision of Ada to ${decision} ${NEW} is recorded, but not all that follows from it is done: ${left} `,
    );
    expect(stdout).toContain('could not be written: EFBIG');
    expect(stdout).toContain('The decision holds: the same one, given again, does the rest.');
    expect([(await ledger()).length, (await proposalOf(NEW))?.status]).toEqual([1, 'proposed']);
    const { decision: decided } = await decide({ decision });
    expect(decided.at).toBe('2026-01-01T12:00:00.000Z');
    expect([(await ledger()).length, queued.size]).toEqual([1, decision === 'approve' ? 1 : 0]);
  });
});

test('a training that Redis lost is queued again by a repeat; one that left its model is not', async () => {
  await decide();
  queued.clear();
  await decide();
  expect([...queued.keys()]).toEqual(['clv_model_20260101_120000']);
  queued.clear();
  await writeTestCandidate(folder.home, 'clv_model_20260101_120000');
  await expect(decide()).rejects.toMatchObject({ code: 'ALREADY_DECIDED' });
  expect(queued.size).toBe(0);
});

test.each<Partial<SearchDecision>>([
  { decision: 'reject' },
  { ticket: 'T-2' },
  { note: 'another reason' },
  { window: { history_months: 6, pred_months: 3 } },
  { window: { history_months: 12, pred_months: 6 } },
])(
  'a request that differs by %j completes a decision that was cut short, and is told of it',
  async (change) => {
    await decide();
    queued.clear();
    await expect(decide(change)).rejects.toMatchObject({ code: 'ALREADY_DECIDED' });
    expect([...queued.values()]).toMatchObject([{ historyMonths: 12, predMonths: 3 }]);
  },
);

test('a repeat may name the window that the winner stood for', async () => {
  await decide();
  queued.clear();
  const { decision } = await decide({ window: { history_months: 12, pred_months: 3 } });
  expect(decision.window).toEqual({ history_months: 12, pred_months: 3 });
  expect(queued.size).toBe(1);
});

test('a search that is no longer open is not decided on, even where no newer one is left', async () => {
  await writeTestProposal(folder.home, NEW, { status: 'superseded' });
  await expect(decide()).rejects.toMatchObject({
    code: 'GRID_SEARCH_SUPERSEDED',
    remedy: 'Run a new search: clv grid-search',
  });
  expect(await ledger()).toEqual([]);
});

test('a decision on a search whose record was cleared away since does not stand in the way of the next', async () => {
  await decide();
  queued.clear();
  await rm(gridSearchProposalPath(folder.home.outputs, NEW));
  const newest = 'clv_grid_search_20260401_100000';
  await publishProposal(folder.home, await writeTestProposal(folder.home, newest));
  const { mended } = await decide({ searchId: newest, decision: 'reject' });
  expect([mended, queued.size]).toEqual([[], 0]);
});

test('a training that failed for good is queued again by a repeat, and not in passing', async () => {
  await decide();
  const started: string[] = [];
  const failed: TrainingQueue = {
    find: async () => 'failed',
    start: async ({ modelId }) => started.push(modelId),
  };
  const newest = 'clv_grid_search_20260401_100000';
  await publishProposal(folder.home, await writeTestProposal(folder.home, newest));
  await decide({ searchId: newest, decision: 'reject' }, failed);
  expect(started).toEqual([]);
  await decide({}, failed);
  expect(started).toEqual(['clv_model_20260101_120000']);
});

test('an approval whose training cannot be queued is kept, and a repeat queues it', async () => {
  const away = { ...trainings, start: () => Promise.reject(new Error('Redis is away')) };
  await expect(decide({}, away)).rejects.toThrow('Redis is away');
  expect([(await ledger()).length, (await proposalOf(NEW))?.status]).toEqual([1, 'approved']);
  await decide();
  expect(queued.size).toBe(1);
});
