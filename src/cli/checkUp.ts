import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openConnection, queuePrefix } from '../../queues/openQueues.ts';
import { pausedQueues, tellPaused } from '../../queues/pausedQueues.ts';
import { calendarOf } from '../config/calendarSettings.ts';
import type { Home } from '../config/home.ts';
import { givenHomeId } from '../config/homeId.ts';
import { loadConfig } from '../config/loadConfig.ts';
import type { ModelConfig } from '../config/schema.ts';
import { nextSlot } from '../domain/calendar/cadence.ts';
import { dateInZone, toEpochDay } from '../domain/calendar/dates.ts';
import { openSlots } from '../domain/calendar/slotHistory.ts';
import { type EligibilityFinding, NotEligibleError } from '../domain/eligibility/eligibility.ts';
import { ClvError } from '../domain/errors.ts';
import { amount } from '../domain/words/amount.ts';
import { counted } from '../domain/words/counted.ts';
import { figure } from '../domain/words/figures.ts';
import { acquireRedis, type RedisLease } from '../redis/acquireRedis.ts';
import { findChampion } from '../registry/champion.ts';
import { readForecaster } from '../registry/modelBinary.ts';
import { readSlotLedger } from '../schedule/slotLedger.ts';
import { openOrders } from '../shop/openOrders.ts';
import { shopEligibility } from '../shop/shopEligibility.ts';
import { systemClock } from '../systemClock.ts';
import { checkOwnHomeId } from './ownHomeId.ts';
import { describeOrders } from './summaries.ts';
import { asSentence } from './systemFailure.ts';

/** What one check found. `mind`: it works, but somebody should know. */
export interface Finding {
  readonly what: string;
  readonly state: 'well' | 'mind' | 'wrong';
  readonly says: string;
  readonly remedy?: string;
}

type Check = () => Promise<Omit<Finding, 'what'>>;

/** A run moves the cutoff on by 30 days at most: one that lies further ahead than this is worth a look. */
const FAR_AHEAD_DAYS = 35;
/** Less than this is soon used up by a few runs of a large shop. */
const LITTLE_DISK_BYTES = 2 ** 30;

/** Checks everything that a home needs, in the order in which things depend on each other. Never throws. */
export async function runCheckUp(home: Home, onStart: (what: string) => void): Promise<Finding[]> {
  let config: ModelConfig | undefined;
  let eligibility: EligibilityFinding[] | undefined;
  const checks: [string, Check][] = [
    ['Node', checkNode],
    ['Disk', () => checkDisk(home)],
    [
      'Config',
      async () => {
        config = await loadConfig(home);
        return { state: 'well', says: `${home.configFile} (time zone ${config.general.timezone})` };
      },
    ],
    ['Redis', () => checkRedis(home)],
    [
      'Orders',
      () =>
        config
          ? checkOrders(home, config, (findings) => {
              eligibility = findings;
            })
          : unknownWithoutConfig(),
    ],
    ['Eligible', async () => describeEligibility(eligibility)],
    ['Champion', () => checkChampion(home)],
    ['Cutoff', () => (config ? checkCutoff(config) : unknownWithoutConfig())],
    ['Calendar', () => (config ? checkCalendar(home, config) : unknownWithoutConfig())],
  ];
  const findings: Finding[] = [];
  for (const [what, check] of checks) {
    onStart(what);
    findings.push({ what, ...(await check().catch(asFinding)) });
  }
  return findings;
}

function asFinding(thrown: unknown): Omit<Finding, 'what'> {
  const error = asSentence(thrown);
  if (error instanceof ClvError) return { state: 'wrong', says: error.message, remedy: error.remedy };
  return { state: 'wrong', says: error instanceof Error ? error.message : String(error) };
}

async function unknownWithoutConfig(): Promise<Omit<Finding, 'what'>> {
  return { state: 'mind', says: 'not checked: the config has to be right first' };
}

async function checkNode(): Promise<Omit<Finding, 'what'>> {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isNewEnough = major > 20 || (major === 20 && minor >= 19);
  return isNewEnough
    ? { state: 'well', says: process.version }
    : { state: 'wrong', says: `${process.version} is too old`, remedy: 'Install Node 20.19 or newer.' };
}

async function checkDisk(home: Home): Promise<Omit<Finding, 'what'>> {
  await access(home.root, constants.W_OK).catch(() => {
    throw new ClvError('HOME_NOT_WRITABLE', `${home.root} does not exist, or cannot be written to.`, {
      remedy: `Make it with: clv init --home ${home.root}`,
    });
  });
  await demandWritable(home);
  // What grows may be mounted from elsewhere, as in a container.
  const spaces = await Promise.all([home.root, home.models, home.outputs].map(freeSpace));
  const { path, free } = spaces.reduce((least, space) => (space.free < least.free ? space : least));
  const says = `${(free / 2 ** 30).toFixed(1)} GiB free at ${path}`;
  return free < LITTLE_DISK_BYTES
    ? { state: 'mind', says, remedy: 'Make room before the next run.' }
    : { state: 'well', says };
}

/** Every run writes to all of these; what is not there yet will be made. */
async function demandWritable(home: Home): Promise<void> {
  for (const path of [dirname(home.configFile), home.configFile, home.models, home.outputs]) {
    const isWritable = await access(path, constants.W_OK).then(
      () => true,
      (error) => (error as NodeJS.ErrnoException).code === 'ENOENT',
    );
    if (!isWritable)
      throw new ClvError('HOME_NOT_WRITABLE', `${path} cannot be written to, and no run can complete.`, {
        remedy: 'Let the user who runs this write to it.',
        values: { path },
      });
  }
}

/** Without end for a folder that is not there yet. */
async function freeSpace(path: string): Promise<{ path: string; free: number }> {
  try {
    const { bavail, bsize } = await statfs(path);
    return { path, free: bavail * bsize };
  } catch {
    return { path, free: Number.POSITIVE_INFINITY };
  }
}

async function checkRedis(home: Home): Promise<Omit<Finding, 'what'>> {
  const lease = await acquireRedis({ homeRoot: home.root, env: process.env, log: () => undefined });
  let doubt: string | null;
  let paused: string[];
  try {
    doubt = await checkOwnHomeId(home, lease);
    paused = await pausedIn(lease, home);
  } finally {
    await lease.release();
  }
  const named = givenHomeId(process.env) === undefined ? 'made of its path' : 'CLV_HOME_ID';
  const says = `${lease.version} at ${lease.address} (${lease.origin}); the id of this home is ${home.id} (${named})`;
  const mind = [...lease.warnings, ...(doubt === null ? [] : [doubt]), ...paused];
  return mind.length > 0 ? { state: 'mind', says, remedy: mind.join('\n') } : { state: 'well', says };
}

/** What is to be known of the queues that somebody paused. */
async function pausedIn({ url }: RedisLease, home: Home): Promise<string[]> {
  const redis = await openConnection(url, () => undefined);
  try {
    return (await pausedQueues({ redis, prefix: queuePrefix(home.id) })).map(tellPaused);
  } finally {
    redis.disconnect();
  }
}

async function checkOrders(
  home: Home,
  config: ModelConfig,
  onEligibility: (findings: EligibilityFinding[]) => void,
): Promise<Omit<Finding, 'what'>> {
  using book = await openOrders(
    { home, clock: systemClock, threads: config.compute.threads ?? 2 },
    config,
    null,
  );
  onEligibility(await shopEligibility(book, config, systemClock));
  const { rejectedRows, outlyingOrders = [], strayOrders = [] } = book.report;
  return {
    state: rejectedRows + outlyingOrders.length + strayOrders.length > 0 ? 'mind' : 'well',
    says: describeOrders(book.report)
      .map((line) => line.slice(11))
      .join('\n'),
  };
}

/** Falling short stops a training and a search, and nothing that is in service. */
function describeEligibility(findings: readonly EligibilityFinding[] | undefined): Omit<Finding, 'what'> {
  if (findings === undefined)
    return { state: 'mind', says: 'not checked: the orders have to be right first' };
  const missing = findings.filter((finding) => !finding.isMet);
  const says = (missing.length === 0 ? findings : missing).map((finding) => finding.says).join('\n');
  return missing.length === 0
    ? { state: 'well', says: `the orders can carry a forecast:\n${says}` }
    : {
        state: 'mind',
        says: `the orders cannot carry a forecast yet:\n${says}`,
        remedy: new NotEligibleError(findings).remedy,
      };
}

async function checkChampion(home: Home): Promise<Omit<Finding, 'what'>> {
  const champion = await findChampion(home);
  if (champion === null) return { state: 'mind', says: 'none yet', remedy: 'Train one: clv train' };
  await readForecaster(home, champion);
  const { rmse, r2 } = champion.metrics.out_of_time;
  return {
    state: 'well',
    says: `${champion.model_id}: ${counted(champion.history_months, 'month')} of history, ${champion.pred_months} ahead, RMSE ${amount(rmse)}, R² ${r2 === null ? 'undefined' : figure(r2)} out of time`,
  };
}

async function checkCutoff({ run, general }: ModelConfig): Promise<Omit<Finding, 'what'>> {
  const cutoff = run.last_score_cutoff;
  if (cutoff === null)
    return {
      state: 'mind',
      says: 'run.last_score_cutoff is not set',
      remedy: 'The first training sets it; or set it yourself.',
    };
  const today = dateInZone(systemClock.now(), general.timezone);
  const daysAhead = toEpochDay(cutoff) - toEpochDay(today);
  if (daysAhead <= 0) return { state: 'well', says: `the next run scores ${cutoff}` };
  const says = `the next run scores ${cutoff}, ${counted(daysAhead, 'day')} ahead: it waits until then`;
  return daysAhead > FAR_AHEAD_DAYS
    ? { state: 'mind', says, remedy: 'If that is a slip, put run.last_score_cutoff right.' }
    : { state: 'well', says };
}

async function checkCalendar(home: Home, config: ModelConfig): Promise<Omit<Finding, 'what'>> {
  const calendar = calendarOf(config);
  if (calendar === null) {
    return {
      state: 'mind',
      says: 'schedule.launch_date is not set: nothing runs by the calendar',
      remedy: 'Set it to the first day of the shop with CLV Horizon, or go on starting runs by hand.',
    };
  }
  const now = systemClock.now();
  const { phase, date } = nextSlot(calendar, now);
  const says = `launched ${calendar.launchDate}; the next run begins on ${date} at ${String(calendar.hour).padStart(2, '0')}:00 ${calendar.timezone} (${phase})`;
  const waiting = openSlots(await readSlotLedger(home), now);
  if (waiting.length === 0) return { state: 'well', says };
  const slots = waiting.map((slotMs) => new Date(slotMs).toISOString()).join(', ');
  return {
    state: 'mind',
    says: `${says}\nslots have come that nothing became of yet: ${slots}`,
    remedy: 'Start clv serve or clv worker, which deals with them; its log says what stands in the way.',
  };
}
