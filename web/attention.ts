import { figure } from '../src/artefacts/htmlPage.ts';
import { dateInZone, instantOf, isIsoDate, toEpochDay } from '../src/domain/calendar/dates.ts';
import { counted } from '../src/domain/words/counted.ts';
import type { AlertFacts, DashboardFacts, Trouble } from './dashboardFacts.ts';

/** Something that needs a person; texts, not HTML. */
export interface AttentionItem {
  /** `decide`: a gate or a request. `look`: forecasts or jobs went wrong. `mend`: something is broken or missing. */
  readonly kind: 'decide' | 'look' | 'mend';
  readonly what: string;
  readonly why: string;
  /** How many things it stands for. */
  readonly count: number;
  /** Since when, in ms since 1970 UTC; null where that is not known. */
  readonly sinceMs: number | null;
  /** Commands, one of which settles it. */
  readonly commands: readonly string[];
  /** Where it is shown or settled. */
  readonly link: { readonly href: string; readonly text: string } | null;
}

/** Of one kind so many are listed; the others are counted. */
const LISTED = 3;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A merge looks for the orders of a window that has just passed for some hours. */
const ALARM_PATIENCE_MS = HOUR_MS;
/** A job that failed longer ago has left its trace elsewhere, or nobody missed what it was to do. */
const FAILURE_NEWS_MS = 30 * DAY_MS;
const SIGNED = '--by NAME --note TEXT';

/** Everything that needs a person: what is broken first, then what failed, then what is to be decided. */
export function attentionOf(facts: DashboardFacts): AttentionItem[] {
  return [
    ...troubles(facts),
    ...staleOrders(facts),
    ...idleQueues(facts),
    ...overdueRuns(facts),
    ...overdueWindows(facts),
    ...failedJobs(facts),
    ...openAlerts(facts),
    ...candidates(facts),
    ...searches(facts),
    ...requests(facts),
  ];
}

function troubles({ settings, orders, models, decisions, calendar, drift, run, queues }: DashboardFacts) {
  const damaged = (calendar.facts?.damaged ?? []).map((trouble): [string, { trouble: Trouble }] => [
    'A forecast cannot be told the window of',
    { trouble },
  ]);
  const parts: [string, { trouble: Trouble | null }][] = [
    ['The config cannot be used', settings],
    ['The orders cannot be found', orders],
    ['The models cannot be read', models],
    ['The candidates cannot be read', models.facts?.candidates ?? models],
    ['Searches or requests cannot be read', decisions],
    ['The calendar cannot be read', calendar],
    ...damaged,
    ['Drift cannot be read', drift],
    ['The newest run cannot be read', run],
    ['The tiers cannot be read', run.facts?.ranked ?? run],
    ['The clusters cannot be read', run.facts?.clusters ?? run],
    ['Redis is away', queues],
  ];
  const told = new Set<string>();
  return parts.flatMap(([what, { trouble }]): AttentionItem[] => {
    // One cause may stand in the way of several parts.
    if (trouble === null || told.has(trouble.says)) return [];
    told.add(trouble.says);
    const why = trouble.remedy === null ? trouble.says : `${trouble.says} ${trouble.remedy}`;
    return [{ kind: 'mend', count: 1, what, why, sinceMs: null, commands: ['clv doctor'], link: null }];
  });
}

/** Files that were not changed for so long cannot hold orders that are new enough: the next run would be refused. */
function staleOrders({ asOfMs, timezone, settings, orders, models }: DashboardFacts): AttentionItem[] {
  const { maxStalenessDays = null, nextCutoff = null } = settings.facts ?? {};
  const changedMs = orders.facts?.changedMs ?? null;
  const hasChampion = (models.facts?.champion ?? null) !== null;
  if (changedMs === null || maxStalenessDays === null || nextCutoff === null || !hasChampion) return [];
  // Before a cutoff that lies ahead newer orders may still come.
  const scored = Math.min(toEpochDay(nextCutoff), toEpochDay(dateInZone(asOfMs, timezone)));
  const lastDate = dateInZone(Math.floor(changedMs), timezone);
  if (scored - toEpochDay(lastDate) <= maxStalenessDays) return [];
  return [
    {
      kind: 'mend',
      count: 1,
      what: 'No new orders have arrived',
      why: `Their files were changed last on ${lastDate}. A run refuses orders that stop more than ${counted(maxStalenessDays, 'day')} before its cutoff. Look at the export that writes them.`,
      sinceMs: changedMs,
      commands: [],
      link: null,
    },
  ];
}

function idleQueues({ queues }: DashboardFacts): AttentionItem[] {
  if (queues.facts === null || queues.facts.threads > 0) return [];
  const jobs = queues.facts.queues.reduce((sum, queue) => sum + queue.waiting + queue.delayed, 0);
  if (jobs === 0) return [];
  return [
    {
      kind: 'mend',
      count: 1,
      what: 'Nobody works',
      why: `${counted(jobs, 'job')} ${jobs === 1 ? 'waits' : 'wait'} for now or for a later day, and no process tells that it works on jobs.`,
      sinceMs: null,
      commands: ['clv worker'],
      link: { href: '/queues', text: 'Board' },
    },
  ];
}

function overdueRuns({ calendar }: DashboardFacts): AttentionItem[] {
  const slots = calendar.facts?.openSlotsMs ?? [];
  if (slots.length === 0) return [];
  return [
    {
      kind: 'mend',
      count: 1,
      what: slots.length === 1 ? 'A run is overdue' : `${slots.length} runs are overdue`,
      why: 'The calendar wanted a run, and none was begun. A worker begins it; its log says what stands in the way.',
      sinceMs: slots[0],
      commands: ['clv worker', 'clv score'],
      link: { href: '/queues/queue/scoring', text: 'Board: scoring' },
    },
  ];
}

function overdueWindows({ asOfMs, calendar }: DashboardFacts): AttentionItem[] {
  const late = (calendar.facts?.windows ?? []).filter(({ dueMs }) => asOfMs - dueMs > ALARM_PATIENCE_MS);
  const items = late.map(
    ({ cutoff, predMonths, dueMs, stage }): AttentionItem => ({
      kind: 'look',
      count: 1,
      what: `The forecast of ${cutoff}, ${counted(predMonths, 'month')} ahead, was not compared with reality`,
      why:
        stage === 'merged'
          ? 'What customers spent is known; the comparison is missing.'
          : 'Its months have passed. The comparison waits for orders up to their end, has failed, or nobody works.',
      sinceMs: dueMs,
      commands: ['clv reconcile'],
      link: { href: '/queues/queue/maturity', text: 'Board: maturity' },
    }),
  );
  return shortened(items, 'forecasts are overdue for comparison', 'clv reconcile');
}

function failedJobs({ asOfMs, queues }: DashboardFacts): AttentionItem[] {
  return (queues.facts?.queues ?? []).flatMap(({ name, failed, lastFailure }): AttentionItem[] => {
    if (lastFailure === null || asOfMs - lastFailure.failedMs > FAILURE_NEWS_MS) return [];
    return [
      {
        kind: 'look',
        count: failed,
        what: `${counted(failed, 'failed job')} in ${name}`,
        why: `${failed > 1 ? 'The last one, ' : ''}${lastFailure.job}: ${lastFailure.reason}`,
        sinceMs: lastFailure.failedMs,
        commands: [],
        link: { href: failedJobsUrl(name), text: 'Look at it and retry it on the board' },
      },
    ];
  });
}

/** The failed jobs of a queue on the board. */
export function failedJobsUrl(queue: string): string {
  return `/queues/queue/${encodeURIComponent(queue)}?status=failed`;
}

function openAlerts({ timezone, drift }: DashboardFacts): AttentionItem[] {
  const open = (drift.facts?.alerts ?? []).filter(({ acknowledgedBy }) => acknowledgedBy === null);
  const items = open.map(
    (alert): AttentionItem => ({
      kind: 'look',
      count: 1,
      what: `Drift: the forecast of ${alert.cutoff}, ${counted(alert.predMonths, 'month')} ahead, missed by more than it should`,
      why: `${whyAlert(alert)} Nobody takes care of it yet.`,
      sinceMs: isIsoDate(alert.windowEnd) ? instantOf(alert.windowEnd, 0, timezone) : null,
      commands: [`clv acknowledge ${shellWord(alert.id)} ${SIGNED}`],
      link: null,
    }),
  );
  return shortened(items, 'drift alerts wait for somebody', 'clv alerts');
}

function whyAlert({ reasons, rmseRise, r2, baselineR2 }: AlertFacts): string {
  const rmse = `Its error lay ${((rmseRise ?? 0) * 100).toFixed(0)} % above the baseline of its model.`;
  const fall = `It told customers apart less well than its model had: R² ${figure(r2)} against ${figure(baselineR2)}.`;
  return reasons.map((reason) => (reason === 'rmse' ? rmse : fall)).join(' ');
}

function candidates({ models }: DashboardFacts): AttentionItem[] {
  const champion = models.facts?.champion ?? null;
  const items = (models.facts?.candidates.facts ?? []).map(
    ({ id, trainedMs, historyMonths, predMonths, hasReport, losesTo }): AttentionItem => {
      const hasLost = losesTo.length > 0;
      const word = shellWord(id);
      return {
        kind: 'decide',
        count: 1,
        what: `Candidate ${id} awaits sign-off`,
        why: `${counted(historyMonths, 'month')} of history, ${predMonths} ahead.${hasLost ? ` It lost to ${losesTo.join(' and ')} beyond chance, so approving it takes a reason.` : ''}`,
        sinceMs: trainedMs,
        commands: [
          ...(champion === null ? [] : [`clv compare ${word} ${shellWord(champion.id)}`]),
          `clv approve ${word} ${SIGNED}${hasLost ? ' --override REASON' : ''}`,
          `clv approve ${word} --reject ${SIGNED}`,
        ],
        link: hasReport
          ? { href: `/api/models/${encodeURIComponent(id)}/report`, text: 'Training report' }
          : null,
      };
    },
  );
  return shortened(items, 'candidates await sign-off', `clv approve MODEL --reject ${SIGNED}`);
}

function searches({ decisions }: DashboardFacts): AttentionItem[] {
  return (decisions.facts?.searches ?? []).map((it) => ({
    kind: 'decide',
    count: 1,
    what: `Search ${it.id} awaits approval`,
    why: `It proposes ${counted(it.historyMonths, 'month')} of history, ${it.predMonths} ahead${it.isTieWithinNoise ? '; its lead over the next window may be chance' : ''}.${it.requestedBy === '' ? '' : ` Asked for by ${it.requestedBy}.`}`,
    sinceMs: it.requestedMs,
    commands: [
      `clv approve ${shellWord(it.id)} ${SIGNED}`,
      `clv approve ${shellWord(it.id)} --reject ${SIGNED}`,
    ],
    link: { href: `/api/grid-searches/${encodeURIComponent(it.id)}`, text: 'Its figures' },
  }));
}

function requests({ decisions }: DashboardFacts): AttentionItem[] {
  const items = (decisions.facts?.requests ?? []).map(
    ({ id, openedMs, reason }): AttentionItem => ({
      kind: 'decide',
      count: 1,
      what: `Request ${id}`,
      why: reason,
      sinceMs: openedMs,
      commands: [
        `clv grid-search --request ${shellWord(id)} ${SIGNED}`,
        `clv requests ${shellWord(id)} --dismiss ${SIGNED}`,
      ],
      link: null,
    }),
  );
  return shortened(items, 'requests are open', 'clv requests');
}

/** The first items, and how many there are beside them. */
function shortened(items: readonly AttentionItem[], noun: string, command: string): AttentionItem[] {
  const more = items.length - LISTED;
  if (more <= 0) return [...items];
  return [
    ...items.slice(0, LISTED),
    {
      kind: items[0].kind,
      count: more,
      what: `${more} more ${noun}`,
      why: '',
      sinceMs: null,
      commands: [command],
      link: null,
    },
  ];
}

/** A word of a command as a shell takes it for one and does not run any of it: people copy commands. */
function shellWord(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
