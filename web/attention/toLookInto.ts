import { count, figureOrDash } from '../../src/artefacts/pages/htmlPage.ts';
import { addMonths, instantOf, isIsoDate } from '../../src/domain/calendar/dates.ts';
import { amount } from '../../src/domain/words/amount.ts';
import { counted } from '../../src/domain/words/counted.ts';
import type { AlertFacts, DashboardFacts } from '../dashboardFacts.ts';
import { failedJobsUrl } from '../failedJobsUrl.ts';
import { type AttentionItem, shortened } from './attentionItem.ts';
import { SIGNED, shellWord } from './commandWords.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A merge looks for the orders of a window that has just passed for some hours. */
const ALARM_PATIENCE_MS = HOUR_MS;
/** A job that failed longer ago has left its trace elsewhere, or nobody missed what it was to do. */
const FAILURE_NEWS_MS = 30 * DAY_MS;

/** What went wrong, or may have: comparisons that are late, jobs that failed, forecasts that missed, orders unlike all others. */
export function toLookInto(facts: DashboardFacts): AttentionItem[] {
  return [...overdueWindows(facts), ...failedJobs(facts), ...openAlerts(facts), ...outlyingOrders(facts)];
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
          : 'Its months have passed. The comparison waits for orders up to their end, has failed, or no worker is running.',
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
  const rmse =
    rmseRise === null
      ? 'It missed, where its model had made no error before.'
      : `Its error lay ${(rmseRise * 100).toFixed(0)} % above the baseline of its model.`;
  const fall = `It told customers apart less well than its model had: R² ${figureOrDash(r2)} against ${figureOrDash(baselineR2)}.`;
  return reasons.map((reason) => (reason === 'rmse' ? rmse : fall)).join(' ');
}

/** Told for as long as the model reads them: by then they are either corrected or known to be true. */
function outlyingOrders({ models, run }: DashboardFacts): AttentionItem[] {
  if (run.facts === null) return [];
  const { cutoff, orders } = run.facts;
  const historyMonths = models.facts?.champion?.historyMonths ?? 0;
  const isAlone = orders.outlyingOrders?.length === 1;
  const read = (orders.outlyingOrders ?? []).filter(({ day }) => day >= addMonths(cutoff, -historyMonths));
  const items = read.map(
    ({ customerId, day, revenue, times }): AttentionItem => ({
      kind: 'look',
      count: 1,
      what: `An order of ${amount(revenue)} is unlike all others`,
      why: `Customer ${customerId} placed it on ${day}; it is ${count(Math.round(times))} times as large as the largest order of any ${isAlone ? 'other customer' : 'customer without such an order'}, and weighs in the totals, tiers and ranking of ${cutoff}. If it is a slip, correct it in the orders and score again. What is forecast of others does not depend on it.`,
      sinceMs: null,
      commands: [],
      link: {
        href: `/api/customers/${encodeURIComponent(customerId)}`,
        text: 'What is expected of the customer',
      },
    }),
  );
  return shortened(items, 'orders are unlike all others', 'clv doctor');
}
