import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runFileName, sidecarName } from '../../src/artefacts/names.ts';
import { writeSidecar } from '../../src/artefacts/sidecar.ts';
import { addMonths } from '../../src/domain/calendar/dates.ts';
import { appendDecision } from '../../src/registry/approvalsLedger.ts';
import { auditRegistry } from '../../src/registry/audit.ts';
import { decideOnModel } from '../../src/registry/decideOnModel.ts';
import { forestPath, readCard } from '../../src/registry/modelCard.ts';
import { applyRetention } from '../../src/retention/applyRetention.ts';
import { outputPrints } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';
import { writeTestCandidate } from '../testModel.ts';

const OLD = 'clv_model_20240101_000000';
const CHAMPION = 'clv_model_20240102_000000';
/** Matures on 2024-07-01. */
const RUN = { cutoff: '2024-01-01', predMonths: 6 };
const SUFFIX = '20240101_pred6m';
const KINDS = ['predictions', 'ranked_predictions', 'clusters', 'cluster_ranking'] as const;
const RULES = { binaries: 9, predictions: 12, monitoring: 12, rejects: 12 };

let folder: TemporaryHome;
beforeEach(async () => {
  folder = await makeHome();
});
afterEach(() => folder.remove());

const retainOn = (date: string, isDryRun = false) =>
  applyRetention(folder.home, {
    rules: RULES,
    timezone: 'UTC',
    nowMs: Date.parse(`${date}T03:00:00Z`),
    isDryRun,
  });
const put = async (name: string, content: string) => {
  const path = `${folder.home.outputs}/${name}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
};
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
const filesLeft = async () => Object.keys(await outputPrints(folder.home)).sort();

const contentOf = (name: string) => `${name}\n1\n`;

/** A file of a run with a sidecar that vouches for it. */
async function putRunFile(name: string, content = contentOf(name)): Promise<void> {
  await put(name, content);
  await writeSidecar(`${folder.home.outputs}/${name}`, {
    file: name,
    rows: 1,
    bytes: content.length,
    sha256: sha256(content),
    model_id: OLD,
    cutoff: RUN.cutoff,
    history_months: 12,
    pred_months: RUN.predMonths,
    ...(name.includes('actual')
      ? { made_from_sha256: sha256(contentOf(runFileName('predictions', RUN))) }
      : {}),
  });
}

async function putRun({ isLabelled = true } = {}): Promise<string[]> {
  const names = [...KINDS, ...(isLabelled ? ['predictions_actual'] : [])].map((kind) =>
    runFileName(kind as 'predictions', RUN),
  );
  for (const name of names) await putRunFile(name);
  await put(`run_reports/clv_run_${SUFFIX}.json`, '{}\n');
  return [...names.flatMap((name) => [name, sidecarName(name)]), `run_reports/clv_run_${SUFFIX}.json`].sort();
}

function signOff(modelId: string, at: string) {
  return decideOnModel(
    folder.home,
    { gate: 'sign-off', modelId, decision: 'approve', approver: 'Ada', note: 'good', ticket: null },
    { distinctApprovers: false, nowMs: Date.parse(at) },
  );
}

describe('a run', () => {
  test('is kept for a year after its window, then packed with checksums, whole', async () => {
    const names = await putRun();
    const contents = new Map(
      await Promise.all(
        names.map(async (name) => [name, await readFile(`${folder.home.outputs}/${name}`)] as const),
      ),
    );
    expect((await retainOn('2025-06-30')).rows).toEqual([]);
    expect(await filesLeft()).toEqual(names);
    const { rows, report } = await retainOn(addMonths('2024-07-01', 12));
    expect(rows.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual(
      names.map(() => 'archive done'),
    );
    expect(await filesLeft()).toEqual(
      [
        ...names.map((name) => `archive/${SUFFIX}/${name.split('/').at(-1)}.gz`),
        `archive/${SUFFIX}/SHA256SUMS`,
        'retention/retention_20250701_030000.csv',
      ].sort(),
    );
    const archive = `${folder.home.outputs}/archive/${SUFFIX}`;
    for (const [name, content] of contents) {
      const packed = await readFile(`${archive}/${name.split('/').at(-1)}.gz`);
      expect(gunzipSync(packed).equals(content)).toBe(true);
    }
    // As an operator would check it.
    const checked = await promisify(execFile)('sha256sum', ['--check', '--ignore-missing', 'SHA256SUMS'], {
      cwd: archive,
    });
    expect(checked.stdout.match(/: OK/g)).toHaveLength(names.length);
    expect((await readFile(report as string, 'utf8')).trimEnd().split('\n')).toHaveLength(names.length + 1);
  });

  test('without its actual revenue stays, however old, and the report says so', async () => {
    const names = await putRun({ isLabelled: false });
    const { rows } = await retainOn('2040-01-01');
    expect(rows.map(({ action }) => action)).toEqual(names.map(() => 'refuse'));
    expect(await filesLeft()).toEqual([...names, 'retention/retention_20400101_030000.csv'].sort());
  });

  test('whose file of actual revenue was changed counts as one without it', async () => {
    await putRun();
    await put(runFileName('predictions_actual', RUN), 'something else');
    const { rows } = await retainOn('2040-01-01');
    expect(new Set(rows.map(({ action }) => action))).toEqual(new Set(['refuse']));
  });

  test('whose predictions were changed counts as one without it', async () => {
    await putRun();
    await put(runFileName('predictions', RUN), 'something else');
    const { rows } = await retainOn('2040-01-01');
    expect(new Set(rows.map(({ action }) => action))).toEqual(new Set(['refuse']));
  });

  test('that was scored anew after its actual revenue was merged counts as one without it', async () => {
    await putRun();
    await putRunFile(runFileName('predictions', RUN), 'other predictions');
    const { rows } = await retainOn('2040-01-01');
    expect(new Set(rows.map(({ action }) => action))).toEqual(new Set(['refuse']));
  });

  test('whose archive holds something else is refused, and others go on', async () => {
    const names = await putRun();
    await put('data_quality/rejects_20240101_000000.csv', 'x');
    await put(`archive/${SUFFIX}/${names[0]}.gz`, 'not this');
    const { rows } = await retainOn('2026-01-01');
    expect(rows.filter(({ action }) => action === 'refuse')).toHaveLength(names.length);
    expect(rows.filter(({ outcome }) => outcome === 'done').map(({ path }) => path)).toEqual([
      'outputs/data_quality/rejects_20240101_000000.csv',
    ]);
    expect(await filesLeft()).toEqual(expect.arrayContaining(names));
  });
});

describe('a process that is killed', () => {
  const PROGRAM = `
    import { homeAt } from './dist/src/config/home.js';
    import { applyRetention } from './dist/src/retention/applyRetention.js';
    let left = Number(process.argv[2]);
    await applyRetention(homeAt(process.argv[1]), {
      rules: ${JSON.stringify(RULES)}, timezone: 'UTC', nowMs: Date.UTC(2026, 0, 1), isDryRun: false,
      afterFile: () => { if (left-- === 0) process.kill(process.pid, 'SIGKILL'); },
    });`;

  /** Nine files packed, one list, nine removed, and the two steps of a binary. */
  test.each([0, 4, 9, 10, 14, 18, 19])(
    'after step %i loses nothing, and a second run does the rest',
    async (steps) => {
      const names = await putRun();
      const contents = new Map<string, string>();
      for (const name of names) {
        const content = await readFile(`${folder.home.outputs}/${name}`, 'utf8');
        contents.set(name.split('/').at(-1) as string, sha256(content));
      }
      await writeTestCandidate(folder.home, OLD);
      await writeTestCandidate(folder.home, CHAMPION);
      await signOff(OLD, '2024-01-01T12:00:00Z');
      await signOff(CHAMPION, '2024-01-02T12:00:00Z');
      const cards = `${folder.home.cards}/${OLD}.json`;
      await writeFile(cards, (await readFile(cards, 'utf8')).replace('2026-01-01T11', '2024-01-01T11'));
      const args = ['--input-type=module', '--eval', PROGRAM, folder.home.root, String(steps)];
      await expect(promisify(execFile)(process.execPath, args)).rejects.toMatchObject({ signal: 'SIGKILL' });
      for (const [name, sum] of contents) {
        const there = await readFile(`${folder.home.outputs}/${name}`).catch(() =>
          readFile(`${folder.home.runReports}/${name}`).catch(async () =>
            gunzipSync(await readFile(`${folder.home.outputs}/archive/${SUFFIX}/${name}.gz`)),
          ),
        );
        expect(sha256(there)).toBe(sum);
      }
      await retainOn('2026-01-02');
      const left = await filesLeft();
      expect(left.filter((name) => !/^(retention|archive)\//.test(name))).toEqual([]);
      expect(left.filter((name) => name.startsWith('archive/'))).toHaveLength(names.length + 1);
      const list = await readFile(`${folder.home.outputs}/archive/${SUFFIX}/SHA256SUMS`, 'utf8');
      for (const [name, sum] of contents) expect(list).toContain(`${sum}  ${name}\n`);
      await expect(readFile(forestPath(folder.home, OLD))).rejects.toThrow('ENOENT');
      expect((await readCard(folder.home, OLD)).binary_purged_at).toBeDefined();
    },
  );
});

describe('a binary', () => {
  beforeEach(async () => {
    await writeTestCandidate(folder.home, OLD);
    await writeTestCandidate(folder.home, CHAMPION);
    await signOff(OLD, '2026-02-01T12:00:00Z');
    await signOff(CHAMPION, '2026-05-01T12:00:00Z');
  });
  const binaries = async () => (await readdir(folder.home.models)).filter((name) => name.endsWith('.forest'));

  test('goes nine months after its model left service; the card says when, and the audit takes it as it is', async () => {
    await retainOn('2027-01-31');
    expect(await binaries()).toEqual([`${OLD}.forest`, `${CHAMPION}.forest`]);
    await retainOn('2027-02-01');
    expect(await binaries()).toEqual([`${CHAMPION}.forest`]);
    expect((await readCard(folder.home, OLD)).binary_purged_at).toBe('2027-02-01T03:00:00.000Z');
    const lines = await auditRegistry(folder.home);
    expect(lines.filter(({ state }) => state !== 'well')).toEqual([]);
    expect(lines.find(({ what }) => what === OLD)?.says).toMatch(/cleared away by retention at 2027-02-01/);
  });

  test('of the champion stays for ever', async () => {
    const { rows } = await retainOn('2060-01-01');
    expect(await binaries()).toEqual([`${CHAMPION}.forest`]);
    expect(rows.find(({ path }) => path.includes(CHAMPION))).toMatchObject({
      action: 'refuse',
      outcome: 'kept',
    });
  });

  test('of a candidate goes nine months after its training', async () => {
    await writeTestCandidate(folder.home, 'clv_model_20260101_110000');
    await retainOn('2026-09-30');
    expect(await binaries()).toHaveLength(3);
    await retainOn('2026-10-01');
    expect(await binaries()).toEqual([`${OLD}.forest`, `${CHAMPION}.forest`]);
  });
});

test('the files of a search go when a later one is approved, with the folder of its cells', async () => {
  const ids = ['20240101_000000', '20240601_000000'];
  for (const id of ids) {
    for (const kind of ['results_', 'rmse_', 'r2_'])
      await put(`grid_search/clv_grid_search_${kind}${id}.${kind === 'results_' ? 'csv' : 'png'}`, 'x');
    await put(`grid_search/clv_grid_search_${id}/cell_h12_p6.json`, '{}');
  }
  const before = await filesLeft();
  expect((await retainOn('2060-01-01')).rows).toEqual([]);
  expect(await filesLeft()).toEqual(before);
  await appendDecision(folder.home, {
    at: '2024-06-02T00:00:00.000Z',
    gate: 'window',
    subject: `clv_grid_search_${ids[1]}`,
    decision: 'approve',
    approver: 'Ada',
    ticket: null,
    note: 'best',
    window: { history_months: 12, pred_months: 6 },
    champion_before: null,
  });
  expect((await retainOn('2060-01-01')).rows.map(({ outcome }) => outcome)).toEqual(
    new Array(4).fill('done'),
  );
  expect((await filesLeft()).filter((name) => name.includes(ids[0]))).toEqual([]);
  expect((await readdir(`${folder.home.outputs}/grid_search`)).sort()).toEqual([
    `clv_grid_search_${ids[1]}`,
    `clv_grid_search_r2_${ids[1]}.png`,
    `clv_grid_search_results_${ids[1]}.csv`,
    `clv_grid_search_rmse_${ids[1]}.png`,
  ]);
});

test('a dry run tells the same and changes nothing', async () => {
  await putRun();
  await put('data_quality/rejects_20240101_000000.csv', 'x');
  await put('my notes.txt', 'x');
  const before = await outputPrints(folder.home);
  const told = await retainOn('2026-01-01', true);
  expect(told.report).toBeNull();
  expect(await outputPrints(folder.home)).toEqual(before);
  const done = await retainOn('2026-01-01');
  expect(done.rows.map(({ path, action }) => [path, action])).toEqual(
    told.rows.map(({ path, action }) => [path, action]),
  );
  expect(await readFile(`${folder.home.outputs}/my notes.txt`, 'utf8')).toBe('x');
});

test('nothing goes while a ledger cannot be read', async () => {
  await put('data_quality/rejects_20240101_000000.csv', 'x');
  await writeFile(`${folder.home.models}/approvals.jsonl`, 'nonsense\n');
  await expect(retainOn('2026-01-01')).rejects.toMatchObject({ code: 'APPROVALS_DAMAGED' });
  expect(await filesLeft()).toEqual(['data_quality/rejects_20240101_000000.csv']);
  await rm(`${folder.home.models}/approvals.jsonl`);
});
