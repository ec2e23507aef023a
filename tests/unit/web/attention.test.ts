import { describe, expect, test } from 'vitest';
import { attentionOf } from '../../../web/attention/attention.ts';
import type { AlertFacts, DashboardFacts } from '../../../web/dashboardFacts.ts';
import { CHAMPION, freshFacts, NOW, RUN, servingFacts, told, untold } from './dashboardFacts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const whats = (facts: DashboardFacts) => attentionOf(facts).map(({ what }) => what);

test('nothing needs a person in a fresh home, nor where all goes its way', () => {
  expect(attentionOf(freshFacts())).toEqual([]);
  expect(attentionOf(servingFacts())).toEqual([]);
});

test('a candidate is to be compared and decided on, with the age of its training', () => {
  const candidate = {
    id: 'clv_model_20260101_080000',
    trainedMs: NOW - 4 * DAY_MS,
    historyMonths: 18,
    predMonths: 6,
    rmse: 48,
    hasReport: false,
    losesTo: ['btyd'],
  };
  const [item] = attentionOf(
    servingFacts({ models: told({ champion: CHAMPION, candidates: told([candidate]) }) }),
  );
  expect(item).toMatchObject({ kind: 'decide', sinceMs: candidate.trainedMs });
  expect(item.why).toContain('It lost to btyd beyond chance, so approving it takes a reason.');
  expect(item.commands).toEqual([
    `clv compare clv_model_20260101_080000 ${CHAMPION.id}`,
    'clv approve clv_model_20260101_080000 --by NAME --note TEXT --override REASON',
    'clv approve clv_model_20260101_080000 --reject --by NAME --note TEXT',
  ]);
});

test('a search and a request are to be decided on', () => {
  const decisions = told({
    searches: [
      {
        id: 'clv_grid_search_20260102_080000',
        requestedMs: NOW - 3 * DAY_MS,
        requestedBy: 'Ada',
        historyMonths: 9,
        predMonths: 6,
        isTieWithinNoise: true,
      },
    ],
    requests: [{ id: 'quarterly-review-20260101', openedMs: NOW - DAY_MS, reason: 'Look again.' }],
  });
  const [search, request] = attentionOf(servingFacts({ decisions }));
  expect(search.why).toBe(
    'It proposes 9 months of history, 6 ahead; its lead over the next window may be chance. Asked for by Ada.',
  );
  expect(request.why).toBe('Look again.');
  expect(request.commands).toContain(
    'clv requests quarterly-review-20260101 --dismiss --by NAME --note TEXT',
  );
});

describe('drift alerts', () => {
  test('say no share where the baseline had no error', () => {
    const drift = told({
      results: [],
      alerts: alerts(1).map((it) => ({ ...it, acknowledgedBy: null, rmseRise: null })),
    });
    const [item] = attentionOf(servingFacts({ drift }));
    expect(item.why).toContain('It missed, where its model had made no error before.');
    expect(item.why).not.toContain('%');
  });

  const alerts = (count: number): AlertFacts[] =>
    Array.from({ length: count }, (_, i) => ({
      id: `alert-${i}`,
      cutoff: '2025-01-01',
      predMonths: 6,
      windowEnd: '2025-07-01',
      reasons: ['rmse', 'r2'],
      rmseRise: 0.5,
      r2: 0.1,
      baselineR2: 0.4,
      acknowledgedBy: i === 0 ? 'Ada' : null,
    }));

  test('that somebody takes care of need nobody else', () => {
    expect(attentionOf(servingFacts({ drift: told({ results: [], alerts: alerts(1) }) }))).toEqual([]);
  });

  test('say by how much the forecast missed', () => {
    const [item] = attentionOf(servingFacts({ drift: told({ results: [], alerts: alerts(2) }) }));
    expect(item.why).toBe(
      'Its error lay 50 % above the baseline of its model. It told customers apart less well than its model had: R² 0.100 against 0.400. Nobody takes care of it yet.',
    );
  });

  test('beyond three are counted and not listed', () => {
    const items = attentionOf(servingFacts({ drift: told({ results: [], alerts: alerts(9) }) }));
    expect(items).toHaveLength(4);
    expect(items[3]).toMatchObject({ what: '5 more drift alerts wait for somebody', count: 5 });
  });
});

test('a run and a comparison that are late are told, and a comparison of this hour is not', () => {
  const { facts } = servingFacts().calendar;
  const [window] = facts!.windows;
  const late = (hours: number) =>
    whats(
      servingFacts({
        calendar: told({
          ...facts!,
          openSlotsMs: hours > 1 ? [NOW - hours * HOUR_MS] : [],
          windows: [{ ...window, dueMs: NOW - hours * HOUR_MS }],
        }),
      }),
    );
  expect(late(0.5)).toEqual([]);
  expect(late(5)).toEqual([
    'A run is overdue',
    'The forecast of 2025-10-01, 6 months ahead, was not compared with reality',
  ]);
});

describe('jobs', () => {
  const withScoring = (change: object, threads = 2) => {
    const facts = freshFacts().queues.facts!;
    const [queue] = facts.queues;
    return servingFacts({ queues: told({ ...facts, queues: [{ ...queue, ...change }], threads }) });
  };
  const failure = (days: number) => ({ job: 'rank-customers', failedMs: NOW - days * DAY_MS, reason: 'No.' });

  test('that failed are told with the last reason and the way to the board', () => {
    const [item] = attentionOf(withScoring({ failed: 2, lastFailure: failure(1) }));
    expect(item).toMatchObject({
      what: '2 failed jobs in scoring',
      why: 'The last one, rank-customers: No.',
      count: 2,
      link: { href: '/queues/queue/scoring?status=failed' },
    });
  });

  test('do not begin in a queue that is paused, and where to resume it is told', () => {
    const paused = (waiting: number) => attentionOf(withScoring({ isPaused: true, waiting }));
    expect(paused(0)).toMatchObject([
      {
        kind: 'mend',
        what: 'The queue scoring is paused',
        why: 'Nothing in it begins until somebody resumes it.',
        link: { href: '/queues/queue/scoring', text: 'Resume it on the board' },
      },
    ]);
    expect(paused(2)[0].why).toBe('Nothing in it begins until somebody resumes it; 2 jobs wait.');
  });

  test('that failed more than a month ago are no news', () => {
    expect(attentionOf(withScoring({ failed: 2, lastFailure: failure(31) }))).toEqual([]);
  });

  test('that wait while nobody works are told; alarms that wait for their comparison alone are not', () => {
    expect(whats(withScoring({ waiting: 1 }, 0))).toEqual(['No worker is running']);
    expect(whats(withScoring({ delayed: 1 }, 0))).toEqual(['No worker is running']);
    expect(whats(withScoring({ behindOthers: 1 }, 0))).toEqual([]);
    expect(whats(withScoring({ waiting: 1 }, 2))).toEqual([]);
  });
});

test('an order unlike all others is looked into for as long as the model reads it', () => {
  const order = { customerId: 'a/1', day: '2025-07-31', revenue: 1_000_000, times: 448.2 };
  const ordered = (day: string) =>
    servingFacts({
      run: told({ ...RUN, orders: { ...RUN.orders, outlyingOrders: [{ ...order, day }] } }),
    });
  const [item] = attentionOf(ordered('2025-07-31'));
  expect(item).toMatchObject({
    kind: 'look',
    what: 'An order of 1,000,000.00 is unlike all others',
    link: { href: '/api/customers/a%2F1' },
  });
  expect(item.why).toContain(
    'Customer a/1 placed it on 2025-07-31; it is 448 times as large as the largest order of any other',
  );
  // The history of a run of 2026-01-01 begins a year before.
  expect(whats(ordered('2025-01-01'))).toHaveLength(1);
  expect(whats(ordered('2024-12-31'))).toEqual([]);
});

test('an order beside another one unlike all others is not said to exceed that one', () => {
  const outlyingOrders = [
    { customerId: 'a', day: '2025-07-31', revenue: 1_000_000, times: 448 },
    { customerId: 'b', day: '2025-08-31', revenue: 900_000, times: 403 },
  ];
  const items = attentionOf(
    servingFacts({ run: told({ ...RUN, orders: { ...RUN.orders, outlyingOrders } }) }),
  );
  expect(items.map(({ why }) => why)).toEqual([
    expect.stringContaining('448 times as large as the largest order of any customer without such an order'),
    expect.stringContaining('403 times as large as the largest order of any customer without such an order'),
  ]);
});

test('workers that are paused because another home has the id are told, with what to do, and not that nobody works', () => {
  const idTaken = { says: 'The id "shop" belongs to other files.', remedy: 'Set CLV_HOME_ID.' };
  const facts = freshFacts().queues.facts!;
  const [queue] = facts.queues;
  const items = attentionOf(
    servingFacts({ queues: told({ ...facts, queues: [{ ...queue, waiting: 3 }], threads: 0, idTaken }) }),
  );
  expect(items).toEqual([
    {
      kind: 'mend',
      count: 1,
      what: 'The workers are paused: another home has the id of this one on Redis',
      why: 'The id "shop" belongs to other files. This home begins no jobs until the id is its own again. Set CLV_HOME_ID.',
      sinceMs: null,
      commands: ['clv doctor'],
      link: null,
    },
  ]);
});

describe('orders', () => {
  const changed = (days: number, nextCutoff = '2026-01-05', maxStalenessDays: number | null = 7) =>
    whats(
      servingFacts({
        settings: told({ hasOrdersSource: true, launchDate: null, hour: 6, nextCutoff, maxStalenessDays }),
        orders: told({ changedMs: NOW - days * DAY_MS, newestRejects: null }),
      }),
    );

  test('whose files were not changed for so long that the next run would refuse them are stale', () => {
    expect(changed(8)).toEqual(['No new orders have arrived']);
    expect(changed(7)).toEqual([]);
  });

  test('are not stale where the next cutoff is no later than they are, or nobody looks', () => {
    expect(changed(40, '2025-12-01')).toEqual([]);
    expect(changed(40, '2026-01-05', null)).toEqual([]);
  });

  test('are stale by today where the next cutoff lies ahead: they may still come', () => {
    expect(changed(5, '2026-01-31')).toEqual([]);
    expect(changed(9, '2026-01-31')).toEqual(['No new orders have arrived']);
  });
});

test('one cause that stands in the way of several parts is told once', () => {
  const broken = <T>() => untold<T>('The config cannot be used.', 'Mend line 3.');
  const facts = servingFacts({ settings: broken(), orders: broken(), calendar: broken() });
  expect(attentionOf(facts)).toEqual([
    expect.objectContaining({ kind: 'mend', why: 'The config cannot be used. Mend line 3.' }),
  ]);
});
