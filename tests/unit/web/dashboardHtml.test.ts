import { describe, expect, test } from 'vitest';
import type { DashboardFacts, MeasuredWindow } from '../../../web/dashboardFacts.ts';
import { dashboardHtml } from '../../../web/dashboardHtml.ts';
import { CHAMPION, freshFacts, NOW, RUN, servingFacts, told, untold, windowOf } from './dashboardFacts.ts';

/** The page as it is read: without styles, charts and tags. */
async function textOf(facts: DashboardFacts): Promise<string> {
  const html = await dashboardHtml(facts);
  return html
    .replace(/<style>.*?<\/style>|<svg.*?<\/svg>/gs, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}

describe('the page of a fresh home', () => {
  test('says what to do next, and shows a sentence in place of each block that has nothing yet', async () => {
    const text = await textOf(freshFacts());
    expect(text).toContain('Nothing is wrong, and there is no forecast yet.');
    expect(text).toContain('Say where the orders are: data.orders in config/model_config.yaml');
    for (const sentence of [
      'No model is in service.',
      'No run is complete yet.',
      'No forecast waits for its months to pass.',
      'No forecast has been compared with what customers spent yet.',
      'after the first run.',
      'No run has read orders yet.',
    ])
      expect(text).toContain(sentence);
    expect(text).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  test('marks the steps that are done and the one that comes next', async () => {
    const { facts } = freshFacts().settings;
    const html = await dashboardHtml(freshFacts({ settings: told({ ...facts!, hasOrdersSource: true }) }));
    expect(html).toMatch(/<li class="done">Say where the orders are/);
    expect(html).toMatch(/<li class="next" aria-current="step">Train a first model/);
  });

  test('gives way to that of a home in service: no steps are left', async () => {
    expect(await textOf(servingFacts())).not.toContain('first forecast:');
  });
});

describe('the page of a home in service', () => {
  test('says that all is well where nothing waits', async () => {
    expect(await textOf(servingFacts())).toContain('All is well. Nothing waits for a person.');
  });

  test('shows what is expected of all customers together, with its bounds where the run says them', async () => {
    const expected = '45,678 expected from them in 6 months';
    expect(await textOf(servingFacts())).toContain(`${expected}; with four chances in five 41,235 to 50,600`);
    const text = await textOf(servingFacts({ run: told({ ...RUN, predictedBounds: null }) }));
    expect(text).toContain(expected);
    expect(text).not.toContain('four chances in five');
  });

  test('shows what is expected of all customers by month, where the run says it', async () => {
    expect(await textOf(servingFacts())).toContain(
      'Month by month Month from Expected 2026-01-01 20,678 2026-02-01 25,000',
    );
    const silent = servingFacts({ run: told({ ...RUN, predictedByMonth: [] }) });
    expect(await textOf(silent)).not.toContain('Month by month');
  });

  test('shows the model, its figures out of time and the naive forecasts', async () => {
    const text = await textOf(servingFacts());
    expect(text).toContain(
      'clv_model_20251001_080000 , in service since 2025-10-06 (91 days ago), signed off by Ada Lovelace . It reads 12 months of history and looks 6 months ahead.',
    );
    expect(text).toContain('Its error is 37.5 % below that of the better of the two naive forecasts.');
    expect(text).toContain('Model in service 50.00 0.410 0.620 −1.2 %');
    expect(text).toContain('Naive: each at their own rate 80.00 −0.200');
    expect(text).toContain('Naive: the mean for all 90.00 0.000 0.000 +1.8 %');
    const { facts } = servingFacts().models;
    const older = told({ ...facts!, champion: { ...CHAMPION, mean: null } });
    expect(await textOf(servingFacts({ models: older }))).toMatch(/Naive: the mean for all \S+ – – –/);
    expect(text).toContain('80.3 % of customers lay within');
  });

  test('says since when customers have ordered less often', async () => {
    const levelShift = { from: '2025-10-01', until: null, factor: 0.7 };
    const models = told({ champion: { ...CHAMPION, levelShift }, candidates: told([]) });
    expect(await textOf(servingFacts({ models }))).toContain(
      'Since 2025-10-01 customers have ordered 30 % less often than before;',
    );
    expect(await textOf(servingFacts())).not.toContain('less often');
  });

  test('says that a model loses to a naive forecast', async () => {
    const models = told({ champion: { ...CHAMPION, rmseOfMean: 40 }, candidates: told([]) });
    expect(await textOf(servingFacts({ models }))).toContain('Its error is 25.0 % above');
  });

  test('shows the last run, the next one, and how open windows stand against plan', async () => {
    const text = await textOf(servingFacts());
    expect(text).toContain('ended 6 hours ago (Monday 2026-01-05, 06:00)');
    expect(text).toContain('The next run begins on Monday 2026-02-02, 06:00 (in 27 days).');
    expect(text).toContain('It scores the cutoff 2026-01-31, once that day has come.');
    expect(text).toContain('2025-10-01 6 2026-04-01 in 85 days 980 44,000 23,100 +10.0 %');
  });

  test('tells of runs that are queued for the day of their cutoff', async () => {
    const queues = told({
      ...servingFacts().queues.facts!,
      queuedCutoffs: ['2026-01-04', '2026-01-31'],
    });
    const settings = told({ ...servingFacts().settings.facts!, launchDate: null });
    const calendar = told({ ...servingFacts().calendar.facts!, nextSlotMs: null });
    const queued =
      'Queued for the day of its cutoff: cutoff 2026-01-31: begins on Saturday 2026-01-31, 06:00 (in 25 days)';
    expect(await textOf(servingFacts({ queues }))).toContain(queued);
    const text = await textOf(servingFacts({ queues, settings, calendar }));
    expect(text).toContain(queued);
    expect(text).not.toContain('somebody types');
    expect(await textOf(servingFacts({ settings, calendar }))).toContain(
      'The next run begins when somebody types clv score .',
    );
  });

  test('gives dates in the business zone', async () => {
    const text = await textOf(servingFacts({ timezone: 'Asia/Tokyo' }));
    expect(text).toContain('as of Monday 2026-01-05, 21:00, Asia/Tokyo');
    expect(text).toContain('The next run begins on Monday 2026-02-02, 15:00');
  });

  test('sums the latest windows up and draws them in two sizes with alerts marked', async () => {
    const results = [windowOf('2025-01-01', 51), windowOf('2025-02-01', 75)];
    const alert = {
      id: 'drift_alert_clv_predictions_actual_20250201_pred6m',
      cutoff: '2025-02-01',
      predMonths: 6,
      windowEnd: '2025-08-01',
      reasons: ['rmse'] as const,
      rmseRise: 0.5,
      r2: 0.4,
      baselineR2: 0.4,
      acknowledgedBy: 'Grace',
    };
    const facts = servingFacts({ drift: told({ results, alerts: [alert] }) });
    const html = await dashboardHtml(facts);
    expect(html.match(/<svg/g)).toHaveLength(2);
    expect(html).toContain('#c8402a');
    const text = await textOf(facts);
    expect(text).toContain(
      '1 of the last 2 windows held what the model had promised, 1 window raised an alert.',
    );
    expect(text).toContain('2025-02-01 2025-07-31 alert, Grace 99,707 98,720 +1.0 % 75.00 50.00');
    expect(text).toContain('All is well.');
  });

  test('does not count windows whose months the model had learned from', async () => {
    const seen = { ...windowOf('2025-02-01', 75), isInSample: true };
    const textWith = (results: MeasuredWindow[]) =>
      textOf(servingFacts({ drift: told({ results, alerts: [] }) }));
    const text = await textWith([windowOf('2025-01-01', 51), seen]);
    expect(text).toContain('The only matured window held what the model had promised.');
    expect(text).toContain('1 window in sample does not count: the model had learned from months of it.');
    expect(text).toContain('2025-02-01 2025-07-31 alert, in sample');
    expect(await textWith([seen])).toContain(
      'No forecast of months that its model did not know has matured yet.',
    );
  });

  test('words and draws a single window as one', async () => {
    const factsOf = (rmse: number) =>
      servingFacts({ drift: told({ results: [windowOf('2025-01-01', rmse)], alerts: [] }) });
    expect(await textOf(factsOf(51))).toContain(
      'The only matured window held what the model had promised. It promised 1.0 % more than customers then spent.',
    );
    expect(await textOf(factsOf(75))).toContain('The only matured window raised an alert. It promised');
    // The error, the baseline and the limit: a line through one point could not be seen.
    const [svg] = (await dashboardHtml(factsOf(51))).match(/<svg.*?<\/svg>/s)!;
    expect(svg.match(/<path d="M1 0A1 1/g)).toHaveLength(3);
  });

  test('shows tiers with their shares, the best customers and clusters', async () => {
    const text = await textOf(servingFacts());
    expect(text).toContain('Top 1% 10 1.0 % 20,000 50.0 % 2,000.00');
    expect(text).toContain('0042 Top 1% 5,000.50 97 % 2026-01-12');
    expect(text).toContain('1 1 100 10.0 % 300.00 × 7.50');
    expect(text).toContain('outputs/clv_ranked_predictions_20260101_pred6m.csv');
  });

  test('shows what was read, and where rejected rows are', async () => {
    const text = await textOf(servingFacts());
    expect(text).toContain('9,700 rows accepted (97.0 %), of 2,000 customers');
    expect(text).toContain('10 rows rejected (0.1 %): 10 unreadable date');
    expect(text).toContain('outputs/data_quality/rejects_20260105_060000.csv');
    expect(text).not.toContain('long before all others');
  });

  test('tells orders long before all others, and when the shop is taken to have opened', async () => {
    const withStray = (...strayOrders: { customerId: string; day: string }[]) =>
      textOf(
        servingFacts({
          run: told({ ...RUN, orders: { ...RUN.orders, openingDate: '2024-02-01', strayOrders } }),
        }),
      );
    expect(await withStray({ customerId: 'a', day: '2015-03-09' })).toContain(
      '1 order lies long before all others: that of customer a on 2015-03-09. The shop is taken to have opened on 2024-02-01; if it is a slip, correct it in the orders.',
    );
    expect(
      await withStray({ customerId: 'a', day: '2015-03-09' }, { customerId: 'b', day: '2015-03-10' }),
    ).toContain('2 orders lie long before all others: that of customer a on 2015-03-09, that of customer b');
  });
});

test('what cannot be read says so in its block, and the other blocks stand', async () => {
  const text = await textOf(
    servingFacts({
      queues: untold('Redis does not answer.', 'Try again in a minute.'),
      drift: untold('The history is damaged.'),
    }),
  );
  expect(text).toContain('2 things need a person.');
  expect(text.match(/Redis does not answer\. Try again in a minute\./g)).toHaveLength(2);
  expect(text.match(/The history is damaged\./g)).toHaveLength(2);
  expect(text).toContain('0042 Top 1%');
});

describe('strings of strangers', () => {
  const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'&';

  test('never become markup, wherever they stand', async () => {
    const html = await dashboardHtml(
      servingFacts({
        homeRoot: `/srv/${HOSTILE.replaceAll('/', '')}`,
        settings: told({
          hasOrdersSource: true,
          launchDate: HOSTILE,
          hour: 6,
          nextCutoff: '2026-01-31',
          maxStalenessDays: 7,
        }),
        orders: told({ changedMs: NOW, newestRejects: { file: HOSTILE, writtenMs: Number.NaN } }),
        models: told({
          champion: {
            ...CHAMPION,
            id: HOSTILE,
            sinceMs: Number.NaN,
            signedBy: HOSTILE,
            note: HOSTILE,
            fitCutoff: HOSTILE,
            measuredCutoff: HOSTILE,
          },
          candidates: told([
            {
              id: HOSTILE,
              trainedMs: NOW,
              historyMonths: 1,
              predMonths: 1,
              rmse: 1,
              hasReport: true,
              losesTo: [HOSTILE],
            },
          ]),
        }),
        decisions: told({
          searches: [
            {
              id: HOSTILE,
              requestedMs: NOW,
              requestedBy: HOSTILE,
              historyMonths: 1,
              predMonths: 1,
              isTieWithinNoise: true,
            },
          ],
          requests: [{ id: HOSTILE, openedMs: NOW, reason: HOSTILE }],
        }),
        calendar: told({
          nextSlotMs: NOW,
          openSlotsMs: [NOW],
          damaged: [],
          windows: [
            {
              cutoff: HOSTILE,
              predMonths: 1,
              dueMs: 0,
              stage: 'merged',
              modelId: HOSTILE,
              customers: 1,
              predicted: null,
              progress: null,
            },
          ],
        }),
        drift: told({
          results: [windowOf('2025-01-01', 75, { cutoff: HOSTILE, windowEnd: HOSTILE, modelId: HOSTILE })],
          alerts: [
            {
              id: HOSTILE,
              cutoff: HOSTILE,
              predMonths: 6,
              windowEnd: HOSTILE,
              reasons: ['r2'],
              rmseRise: null,
              r2: null,
              baselineR2: null,
              acknowledgedBy: null,
            },
          ],
        }),
        run: told({
          ...RUN,
          cutoff: HOSTILE,
          files: { ranked: HOSTILE, clusters: HOSTILE },
          orders: {
            ...RUN.orders,
            rejectsByReason: { [HOSTILE]: 1 },
            firstDate: HOSTILE,
            lastDate: HOSTILE,
            openingDate: HOSTILE,
            strayOrders: [{ customerId: HOSTILE, day: HOSTILE }],
          },
          ranked: told({
            tiers: [{ label: HOSTILE, customers: 1, predicted: 1 }],
            best: [{ id: HOSTILE, tier: HOSTILE, predicted: 1, pAlive: null, nextOrder: HOSTILE }],
          }),
          clusters: untold(HOSTILE, HOSTILE),
        }),
        queues: told({
          queues: [
            {
              name: HOSTILE,
              isPaused: true,
              waiting: 1,
              behindOthers: 0,
              active: 0,
              delayed: 0,
              failed: 1,
              lastFailure: { job: HOSTILE, failedMs: NOW, reason: HOSTILE },
            },
          ],
          queuedCutoffs: [],
          threads: 0,
          idTaken: { says: HOSTILE, remedy: HOSTILE },
          refusal: { says: HOSTILE, remedy: HOSTILE },
        }),
      }),
    );
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<img');
    expect(html.match(/&lt;script&gt;/g)!.length).toBeGreaterThan(25);
  });

  test('are one word of a command, so that copying it runs nothing else', async () => {
    const id = "x$(rm -rf ~)'; reboot";
    const alert = {
      id,
      cutoff: '2025-02-01',
      predMonths: 6,
      windowEnd: '2025-08-01',
      reasons: ['rmse'] as const,
      rmseRise: 0.5,
      r2: null,
      baselineR2: null,
      acknowledgedBy: null,
    };
    const text = await textOf(servingFacts({ drift: told({ results: [], alerts: [alert] }) }));
    expect(text).toContain(String.raw`clv acknowledge 'x$(rm -rf ~)'\''; reboot' --by NAME`);
  });
});

test('the page needs nothing else: no script, no handler, no file from elsewhere', async () => {
  const html = await dashboardHtml(servingFacts());
  expect(html).not.toMatch(/<script|<link|<img|<iframe|<object|@import|\son\w+=/i);
  expect(html).not.toMatch(/(?:href|src)="(?!\/|#)/);
  expect(html).not.toMatch(/url\((?!#)/);
});

test('headings go down one level at a time, tables have headers, and ids are not given twice', async () => {
  const html = await dashboardHtml(servingFacts());
  const levels = [...html.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
  expect(levels[0]).toBe(1);
  for (let i = 1; i < levels.length; i++) expect(levels[i]).toBeLessThanOrEqual(levels[i - 1] + 1);
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  expect(html.match(/<table>/g)!.length).toBe(html.match(/<table><thead><tr><th/g)!.length);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('the same facts give the same page', async () => {
  expect(await dashboardHtml(servingFacts())).toBe(await dashboardHtml(servingFacts()));
});
