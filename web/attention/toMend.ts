import { dateInZone, toEpochDay } from '../../src/domain/calendar/dates.ts';
import { counted } from '../../src/domain/words/counted.ts';
import type { DashboardFacts, Trouble } from '../dashboardFacts.ts';
import type { AttentionItem } from './attentionItem.ts';

/** What is broken, missing or stands still. */
export function toMend(facts: DashboardFacts): AttentionItem[] {
  return [
    ...troubles(facts),
    ...takenId(facts),
    ...refusedWrites(facts),
    ...staleOrders(facts),
    ...pausedQueues(facts),
    ...idleQueues(facts),
    ...overdueRuns(facts),
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

function takenId({ queues }: DashboardFacts): AttentionItem[] {
  const taken = queues.facts?.idTaken ?? null;
  if (taken === null) return [];
  return [
    {
      kind: 'mend',
      count: 1,
      what: 'The workers are paused: another home has the id of this one on Redis',
      why: `${taken.says} This home begins no jobs until the id is its own again. ${taken.remedy ?? ''}`,
      sinceMs: null,
      commands: ['clv doctor'],
      link: null,
    },
  ];
}

function refusedWrites({ queues }: DashboardFacts): AttentionItem[] {
  const refusal = queues.facts?.refusal ?? null;
  if (refusal === null) return [];
  return [
    {
      kind: 'mend',
      count: 1,
      what: 'Redis takes no writes: nothing can be queued, and no job goes on',
      why: `${refusal.says} ${refusal.remedy ?? ''}`.trim(),
      sinceMs: null,
      commands: ['clv doctor'],
      link: null,
    },
  ];
}

/** A pause outlives every restart, and what does not begin does not fail: nothing else would tell of it. */
function pausedQueues({ queues }: DashboardFacts): AttentionItem[] {
  return (queues.facts?.queues ?? [])
    .filter(({ isPaused }) => isPaused)
    .map(({ name, waiting }) => ({
      kind: 'mend',
      count: 1,
      what: `The queue ${name} is paused`,
      why: `Nothing in it begins until somebody resumes it${waiting === 0 ? '' : `; ${counted(waiting, 'job')} ${waiting === 1 ? 'waits' : 'wait'}`}.`,
      sinceMs: null,
      commands: [],
      link: { href: `/queues/queue/${encodeURIComponent(name)}`, text: 'Resume it on the board' },
    }));
}

/** Jobs that wait under a taken id may be those of the other home. */
function idleQueues({ queues }: DashboardFacts): AttentionItem[] {
  if (queues.facts === null || queues.facts.threads > 0 || queues.facts.idTaken !== null) return [];
  const jobs = queues.facts.queues.reduce((sum, queue) => sum + queue.waiting + queue.delayed, 0);
  if (jobs === 0) return [];
  return [
    {
      kind: 'mend',
      count: 1,
      what: 'No worker is running',
      why: `${counted(jobs, 'job')} ${jobs === 1 ? 'waits' : 'wait'}, for now or for a later day, and no process works on jobs.`,
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
