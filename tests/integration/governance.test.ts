import { execFile } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendDecision, approvalsPath } from '../../src/registry/approvalsLedger.ts';
import { auditRegistry } from '../../src/registry/audit.ts';
import { findChampion } from '../../src/registry/champion.ts';
import { manifestPath } from '../../src/registry/championManifest.ts';
import { decideOnModel, type ModelRequest } from '../../src/registry/decideOnModel.ts';
import { baselinePath } from '../../src/registry/deployChampion.ts';
import {
  cardPath,
  cardSha256,
  forestPath,
  readCard,
  setBinaryPurged,
  setCardStatus,
  writeCard,
} from '../../src/registry/modelCard.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';
import { writeTestCandidate } from '../testModel.ts';

const OLD = 'clv_model_20250101_000000';
const NEW = 'clv_model_20260101_000000';
const TERMS = { distinctApprovers: false, nowMs: Date.UTC(2026, 0, 1, 12) };

let folder: TemporaryHome;

beforeEach(async () => {
  folder = await makeHome();
  await writeTestCandidate(folder.home, OLD, 60);
  await writeTestCandidate(folder.home, NEW, 50);
});
afterEach(() => folder.remove());

function decide(change: Partial<ModelRequest>, terms = TERMS) {
  const request = { gate: 'sign-off', modelId: NEW, decision: 'approve', approver: 'Ada', note: 'better' };
  return decideOnModel(folder.home, { ...request, ticket: null, ...change } as ModelRequest, terms);
}
const signOff = (modelId: string) => decide({ modelId });
const rollBack = (modelId: string) => decide({ gate: 'rollback', modelId, note: 'worse' });
const wrongLines = async () => (await auditRegistry(folder.home)).filter((line) => line.state === 'wrong');
const baselineOf = async () => JSON.parse(await readFile(baselinePath(folder.home), 'utf8')).model_id;
const statusOf = async (id: string) => (await readCard(folder.home, id)).status;

/** Has the card of a model say that it lost to a benchmark; gives the sentence. */
async function loseContest(modelId: string): Promise<string> {
  const says = 'btyd is better than the model by 5 on RMSE; this is beyond chance.';
  const lost = { name: 'btyd', rmse_difference: 5, interval: [2, 8] as [number, number], says };
  const contest = { contenders: [], loses_to: [lost], tournament: null };
  await writeCard(folder.home, { ...(await readCard(folder.home, modelId)), contest });
  return says;
}

describe('a sign-off', () => {
  test('of a model that lost to what it has to beat needs a reason of its own, which the ledger keeps', async () => {
    const says = await loseContest(NEW);
    await expect(signOff(NEW)).rejects.toMatchObject({
      code: 'CONTEST_LOST',
      message: expect.stringContaining(says),
    });
    expect(await findChampion(folder.home)).toBeNull();
    const { decision, championId } = await decide({ override: 'the orders of one\nbuyer decide it' });
    expect(decision.override).toBe('the orders of one buyer decide it');
    expect(championId).toBe(NEW);
    expect(await wrongLines()).toEqual([]);
  });

  test('keeps no such reason where nothing stood in the way, nor of a rejection', async () => {
    expect((await decide({ override: 'to be sure' })).decision).not.toHaveProperty('override');
    const rejection = await decide({ modelId: OLD, decision: 'reject', override: 'to be sure' });
    expect(rejection.decision).not.toHaveProperty('override');
  });

  test('can reject a model that lost without a reason of its own', async () => {
    await loseContest(NEW);
    expect((await decide({ decision: 'reject' })).decision.decision).toBe('reject');
    // Nor is one kept that was given: nothing was overridden.
    await loseContest(OLD);
    const { decision } = await decide({ modelId: OLD, decision: 'reject', override: 'to be sure' });
    expect(decision).not.toHaveProperty('override');
  });

  test('puts the candidate into service: ledger, baseline, manifest and cards agree', async () => {
    await signOff(OLD);
    const { championId, decision } = await decide({
      note: 'lower error, "at last",\nsays Bob',
      ticket: 'T-7',
    });
    expect(championId).toBe(NEW);
    expect(decision).toMatchObject({
      gate: 'sign-off',
      approver: 'Ada',
      ticket: 'T-7',
      champion_before: OLD,
    });
    expect((await findChampion(folder.home))?.model_id).toBe(NEW);
    expect([await baselineOf(), await statusOf(OLD), await statusOf(NEW)]).toEqual([
      NEW,
      'retired',
      'champion',
    ]);
    expect(await wrongLines()).toEqual([]);
  });

  test.each(['approver', 'note'])('without %s is refused and leaves no trace', async (what) => {
    await expect(decide({ [what]: ' \n' })).rejects.toMatchObject({ code: 'SIGNATURE_MISSING' });
    await expect(readFile(approvalsPath(folder.home))).rejects.toThrow('ENOENT');
  });

  test.each(['approver', 'note'])('whose %s cannot be seen is refused', (what) =>
    expect(decide({ [what]: '\u200b\u2060 \u0301' })).rejects.toMatchObject({ code: 'SIGNATURE_MISSING' }),
  );

  test.each([
    ['approver', 'name of the person'],
    ['note', 'note'],
    ['ticket', 'ticket'],
    ['override', 'override'],
  ])('whose %s is too long says so', (what, called) =>
    expect(decide({ [what]: 'x'.repeat(2001) })).rejects.toMatchObject({
      code: 'SIGNATURE_MISSING',
      message: expect.stringContaining(`The ${called} is longer than`),
    }),
  );

  test('of a name that no file can hold is one that the audit finds again', async () => {
    await decide({ approver: 'A\ud800da', note: '\udfff' });
    expect(await wrongLines()).toEqual([]);
  });

  test.each(['clv_model_20200101_000000', '../../config/model_config'])(
    'of the unknown model %s is refused',
    (modelId) => expect(decide({ modelId })).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' }),
  );

  test.each(['approve', 'reject'] as const)('after a first decision to %s is refused', async (decision) => {
    await decide({ decision });
    await expect(signOff(NEW)).rejects.toMatchObject({ code: 'ALREADY_DECIDED' });
  });

  test('of many at one moment counts once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => signOff(NEW)));
    expect(results.filter((it) => it.status === 'fulfilled')).toHaveLength(1);
    expect((await readFile(approvalsPath(folder.home), 'utf8')).trimEnd().split('\n')).toHaveLength(1);
    expect(await wrongLines()).toEqual([]);
  });

  test('of a binary that was changed is refused', async () => {
    await appendFile(forestPath(folder.home, NEW), 'x');
    await expect(signOff(NEW)).rejects.toMatchObject({ code: 'FOREST_FILE_MISMATCH' });
    expect(await findChampion(folder.home)).toBeNull();
  });

  test('by the person who approved the window is refused where approvers must be distinct', async () => {
    const search = { id: 'search_1' };
    await writeCard(folder.home, { ...(await readCard(folder.home, NEW)), search });
    for (const [subject, approver] of [
      ['search_0', 'Bob'],
      [search.id, 'Ada  Lovelace'],
    ]) {
      await appendDecision(folder.home, {
        at: '2026-01-01T00:00:00.000Z',
        gate: 'window',
        subject,
        decision: 'approve',
        approver,
        ticket: null,
        note: 'the winner',
        window: { history_months: 12, pred_months: 6 },
        champion_before: null,
      });
    }
    const terms = { ...TERMS, distinctApprovers: true };
    for (const approver of ['ada lovelace', 'Ada\u200b Lovelace']) {
      await expect(decide({ approver }, terms)).rejects.toMatchObject({ code: 'DUTIES_NOT_SEPARATE' });
    }
    await expect(decide({ gate: 'train-and-sign', approver: 'Bob' }, terms)).rejects.toMatchObject({
      code: 'DUTIES_NOT_SEPARATE',
    });
    expect((await decide({ approver: 'Bob' }, terms)).championId).toBe(NEW);
  });
});

test('a rejected candidate keeps its card and stays out of service', async () => {
  await decide({ decision: 'reject' });
  expect(await statusOf(NEW)).toBe('rejected');
  expect(await findChampion(folder.home)).toBeNull();
  expect(await wrongLines()).toEqual([]);
});

describe('a rollback', () => {
  test('puts an earlier champion back, and again', async () => {
    await signOff(OLD);
    await signOff(NEW);
    expect((await rollBack(OLD)).championId).toBe(OLD);
    expect((await rollBack(NEW)).championId).toBe(NEW);
    expect([await statusOf(OLD), await baselineOf()]).toEqual(['retired', NEW]);
    expect(await wrongLines()).toEqual([]);
  });

  test('of the champion, or of a candidate, is refused', async () => {
    await signOff(OLD);
    await expect(rollBack(OLD)).rejects.toMatchObject({ code: 'ALREADY_IN_SERVICE' });
    await expect(rollBack(NEW)).rejects.toMatchObject({ code: 'NEVER_IN_SERVICE' });
  });

  test('needs no reason of its own to put back a model that lost to what it has to beat', async () => {
    await loseContest(OLD);
    await decide({ modelId: OLD, override: 'nothing else is there yet' });
    await signOff(NEW);
    const { decision, championId } = await rollBack(OLD);
    expect(championId).toBe(OLD);
    expect(decision).not.toHaveProperty('override');
  });

  test('of a binary that was changed is refused as such, and not as one that was purged', async () => {
    await signOff(OLD);
    await signOff(NEW);
    await appendFile(forestPath(folder.home, OLD), 'x');
    await expect(rollBack(OLD)).rejects.toMatchObject({ code: 'FOREST_FILE_MISMATCH' });
    expect((await findChampion(folder.home))?.model_id).toBe(NEW);
  });

  test('says how to get a binary back that was purged', async () => {
    await signOff(OLD);
    await signOff(NEW);
    await rm(forestPath(folder.home, OLD));
    await expect(rollBack(OLD)).rejects.toMatchObject({
      code: 'BINARY_PURGED',
      remedy: expect.stringContaining(`clv reproduce ${OLD}`),
    });
  });
});

/** Signs NEW off in a process that kills itself after a step. */
async function signOffAndDieAfter(step: string): Promise<void> {
  const program = `
    import { homeAt } from './dist/src/config/home.js';
    import { decideOnModel } from './dist/src/registry/decideOnModel.js';
    const request = { gate: 'sign-off', modelId: '${NEW}', decision: 'approve', approver: 'Ada', note: 'better', ticket: null };
    const afterStep = (step) => step === process.argv[2] && process.kill(process.pid, 'SIGKILL');
    await decideOnModel(homeAt(process.argv[1]), request, { distinctApprovers: false, nowMs: 0, afterStep });
  `;
  const args = ['--input-type=module', '--eval', program, folder.home.root, step];
  await expect(promisify(execFile)(process.execPath, args)).rejects.toMatchObject({ signal: 'SIGKILL' });
}

describe('a process that is killed', () => {
  test.each(['decision', 'baseline', 'manifest', 'cards'])(
    'after the step %s leaves a change that the next question for the champion completes',
    async (step) => {
      await signOff(OLD);
      await signOffAndDieAfter(step);
      expect((await findChampion(folder.home))?.model_id).toBe(NEW);
      expect(await baselineOf()).toBe(NEW);
      // A champion without its cards serves, so the question leaves them to the next decision.
      if (step === 'manifest') expect((await signOff(NEW)).championId).toBe(NEW);
      await expect(signOff(NEW)).rejects.toMatchObject({ code: 'ALREADY_DECIDED' });
      expect([await statusOf(OLD), await statusOf(NEW)]).toEqual(['retired', 'champion']);
      expect(await wrongLines()).toEqual([]);
      expect((await readFile(manifestPath(folder.home), 'utf8')).trimEnd().split('\n')).toHaveLength(3);
    },
  );

  test.each([
    ['approvals.jsonl', approvalsPath, OLD],
    ['champion_manifest.csv', manifestPath, NEW],
  ])('in the middle of a line of %s: the line is set aside', async (name, pathOf, champion) => {
    const { home } = folder;
    await signOff(OLD);
    await signOffAndDieAfter(name === 'approvals.jsonl' ? 'decision' : 'manifest');
    const path = pathOf(home);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, -20));
    expect(await wrongLines()).not.toEqual([]);
    expect((await findChampion(home))?.model_id).toBe(champion);
    const aside = (await readdir(home.models)).filter((it) => it.startsWith(`${name}.torn-`));
    expect(aside).toHaveLength(1);
    const fragment = await readFile(`${home.models}/${aside[0]}`, 'utf8');
    expect(text.trimEnd().split('\n').at(-1)).toContain(fragment);
    expect(await wrongLines()).toEqual([]);
    expect(await auditRegistry(home)).toContainEqual(
      expect.objectContaining({ what: aside[0], state: 'mind' }),
    );
  });
});

test.each<Partial<ModelRequest>>([{ note: 'another reason' }, { ticket: 'T-2' }, { gate: 'train-and-sign' }])(
  'a sign-off that differs by %j from the one that was cut short is told of it',
  async (change) => {
    await signOffAndDieAfter('decision');
    await expect(decide(change)).rejects.toMatchObject({ code: 'ALREADY_DECIDED' });
    expect((await findChampion(folder.home))?.model_id).toBe(NEW);
  },
);

test('the checksum of a card is that of its facts: not of their order, nor of what may change later', async () => {
  const before = await cardSha256(folder.home, NEW);
  await setCardStatus(folder.home, NEW, 'retired');
  await setBinaryPurged(folder.home, NEW, '2026-02-01T00:00:00.000Z');
  const card = await readCard(folder.home, NEW);
  const turned = Object.fromEntries(Object.entries(card).reverse());
  await writeFile(cardPath(folder.home, NEW), JSON.stringify(turned));
  expect(await cardSha256(folder.home, NEW)).toBe(before);
  await writeCard(folder.home, { ...card, history_months: card.history_months + 1 });
  expect(await cardSha256(folder.home, NEW)).not.toBe(before);
});

test('an id that leads out of the folder of the cards finds nothing, even where a card lies', async () => {
  await writeFile(`${folder.home.models}/stray.json`, await readFile(cardPath(folder.home, NEW)));
  await expect(readCard(folder.home, '../stray')).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' });
});

test('a card whose binary is there again does not say any more that it was cleared away', async () => {
  const at = '2026-02-01T00:00:00.000Z';
  await setBinaryPurged(folder.home, NEW, at);
  expect((await readCard(folder.home, NEW)).binary_purged_at).toBe(at);
  await setBinaryPurged(folder.home, NEW, null);
  expect(await readCard(folder.home, NEW)).not.toHaveProperty('binary_purged_at');
});

describe('where a file that follows from a decision cannot be written', () => {
  /** A folder in its place stops the writing of a file for the superuser as well. */
  const inPlaceOf = async (path: string, work: () => Promise<void>) => {
    await rename(path, `${path}.aside`).catch(() => undefined);
    await mkdir(path);
    await work();
    await rm(path, { recursive: true });
    await rename(`${path}.aside`, path).catch(() => undefined);
  };
  const rows = async () => (await readFile(approvalsPath(folder.home), 'utf8')).trimEnd().split('\n').length;

  test.each<Partial<ModelRequest>>([{}, { gate: 'rollback', modelId: OLD, note: 'worse' }])(
    'the error says what holds and what is left, and the same decision %o, given again, does the rest',
    async (change) => {
      if (change.gate === 'rollback') for (const id of [OLD, NEW]) await signOff(id);
      const [modelId, before] = [change.modelId ?? NEW, await findChampion(folder.home)];
      const what = change.gate === 'rollback' ? 'go back to' : 'approve';
      await inPlaceOf(baselinePath(folder.home), async () => {
        for (const _ of ['at first', 'with the cause still there']) {
          await expect(decide(change)).rejects.toMatchObject({
            code: 'DECISION_UNFINISHED',
            message: expect.stringContaining(
              `The decision of Ada to ${what} ${modelId} is recorded, but not all that follows from it is done: The model is not in service yet. `,
            ),
            remedy: expect.stringContaining('The decision holds: the same one, given again, does the rest.'),
          });
        }
        expect((await findChampion(folder.home))?.model_id).toBe(before?.model_id);
      });
      const outcome = await decide(change, { ...TERMS, nowMs: TERMS.nowMs + 1000 });
      expect([outcome.championId, outcome.decision.at, outcome.mended]).toEqual([
        modelId,
        '2026-01-01T12:00:00.000Z',
        [expect.stringContaining('had been cut short and is complete now')],
      ]);
      expect([await statusOf(modelId), await wrongLines()]).toEqual(['champion', []]);
      expect(await rows()).toBe(change.gate === 'rollback' ? 3 : 1);
      await expect(decide(change)).rejects.toMatchObject({
        code: change.gate === 'rollback' ? 'ALREADY_IN_SERVICE' : 'ALREADY_DECIDED',
      });
    },
  );

  test('another decision in its place is told of the one that holds', async () => {
    await inPlaceOf(baselinePath(folder.home), () => expect(decide({})).rejects.toThrow('is recorded'));
    await expect(decide({ approver: 'Bob' })).rejects.toMatchObject({
      code: 'ALREADY_DECIDED',
      message: expect.stringContaining('by Ada'),
    });
    expect([await statusOf(NEW), await rows()]).toEqual(['champion', 1]);
  });
});

describe('an audit', () => {
  beforeEach(async () => {
    await signOff(OLD);
    await signOff(NEW);
    await rollBack(OLD);
  });

  const change = async (path: string, from: string | RegExp, to: string) => {
    const text = await readFile(path, 'utf8');
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    await writeFile(path, changed);
  };

  test('finds nothing where nothing was changed', async () => {
    expect(await wrongLines()).toEqual([]);
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['an approver in the ledger', () => change(approvalsPath(folder.home), 'Ada', 'Eve'), /changed/],
    ['a row taken out of the ledger', () => change(approvalsPath(folder.home), /^.*\n/, ''), /changed/],
    ['a figure in the manifest', () => change(manifestPath(folder.home), ',60,', ',40,'), /changed/],
    [
      'the last row of the manifest',
      () => change(manifestPath(folder.home), /[^\n]*\n$/, ''),
      /not in the manifest/,
    ],
    [
      'a metric on a card',
      () => change(cardPath(folder.home, NEW), '"rmse": 50', '"rmse": 30'),
      /card was changed/,
    ],
    ['a missing card', () => rm(cardPath(folder.home, NEW)), /no model/],
    ['a binary', () => appendFile(forestPath(folder.home, NEW), 'x'), /not the one on the card/],
    ['the missing binary of the champion', () => rm(forestPath(folder.home, OLD)), /binary is missing/],
    ['the missing baseline', () => rm(baselinePath(folder.home)), new RegExp(`missing, though ${OLD}`)],
    ['the baseline', () => change(baselinePath(folder.home), '"rmse": 60', '"rmse": 99'), /not that of/],
  ])('finds %s', async (_what, tamper, says) => {
    await tamper();
    expect((await wrongLines()).map((line) => line.says).join('\n')).toMatch(says);
  });
});
