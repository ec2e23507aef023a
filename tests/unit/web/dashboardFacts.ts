import type {
  ChampionFacts,
  DashboardFacts,
  MeasuredWindow,
  Part,
  RunFacts,
} from '../../../web/dashboardFacts.ts';
import { resultOf } from '../drift/driftResults.ts';

/** A part that could be read. */
export function told<T>(facts: T): Part<T> {
  return { facts, trouble: null };
}

/** A part that could not. */
export function untold<T>(says: string, remedy: string | null = null): Part<T> {
  return { facts: null, trouble: { says, remedy } };
}

/** As `resultOf`, of a model that did not know the window. */
export function windowOf(...of: Parameters<typeof resultOf>): MeasuredWindow {
  return { ...resultOf(...of), isInSample: false };
}

/** 2026-01-05, a Monday, noon UTC. */
export const NOW = Date.UTC(2026, 0, 5, 12);
const DAY_MS = 86_400_000;

/** What a home tells that was just made. */
export function freshFacts(change: Partial<DashboardFacts> = {}): DashboardFacts {
  return {
    asOfMs: NOW,
    timezone: 'UTC',
    homeRoot: '/srv/shop',
    settings: told({
      hasOrdersSource: false,
      launchDate: null,
      hour: 6,
      nextCutoff: null,
      maxStalenessDays: 7,
    }),
    orders: told({ changedMs: null, newestRejects: null }),
    models: told({ champion: null, candidates: told([]) }),
    decisions: told({ searches: [], requests: [] }),
    calendar: told({ nextSlotMs: null, openSlotsMs: [], windows: [], damaged: [] }),
    drift: told({ results: [], alerts: [] }),
    run: told(null),
    queues: told({
      queues: ['scoring', 'maturity'].map((name) => ({
        name,
        isPaused: false,
        waiting: 0,
        behindOthers: 0,
        active: 0,
        delayed: 0,
        failed: 0,
        lastFailure: null,
      })),
      queuedCutoffs: [],
      threads: 2,
      idTaken: null,
      refusal: null,
    }),
    ...change,
  };
}

const METRICS = {
  customers: 900,
  rmse: 50,
  mae: 20,
  bias: -0.012,
  r2: 0.41,
  spearman: 0.5,
  normalizedGini: 0.62,
  meanActual: 80,
  meanPredicted: 79,
};

export const CHAMPION: ChampionFacts = {
  id: 'clv_model_20251001_080000',
  sinceMs: Date.UTC(2025, 9, 6),
  signedBy: 'Ada Lovelace',
  note: 'beats the old one',
  cutoff: '2025-04-01',
  historyMonths: 12,
  predMonths: 6,
  fitCutoff: '2024-10-01',
  measuredCutoff: '2025-04-01',
  metrics: METRICS,
  rmseOfMean: 90,
  naive: { ...METRICS, rmse: 80, r2: -0.2 },
  mean: { ...METRICS, rmse: 90, r2: 0, normalizedGini: 0, bias: 0.018 },
  coverage: 0.803,
  levelShift: null,
  hasReport: true,
};

export const RUN: RunFacts = {
  cutoff: '2026-01-01',
  predMonths: 6,
  modelId: CHAMPION.id,
  endedMs: NOW - 6 * 3_600_000,
  customers: 1000,
  predicted: 45_678.4,
  predictedBounds: { p10: 41_234.5, p90: 50_600.2 },
  predictedByMonth: [
    { start: '2026-01-01', revenue: 20_678.4 },
    { start: '2026-02-01', revenue: 25_000 },
  ],
  files: {
    ranked: 'outputs/clv_ranked_predictions_20260101_pred6m.csv',
    clusters: 'outputs/clv_clusters_20260101_pred6m.csv',
  },
  orders: {
    rowsRead: 10_000,
    acceptedRows: 9_700,
    guestRows: 290,
    guestRevenue: 1234,
    rejectedRows: 10,
    rejectsByReason: { unreadable_date: 10 },
    customers: 2000,
    firstDate: '2023-01-01',
    lastDate: '2025-12-31',
  },
  ranked: told({
    tiers: [
      { label: 'Top 1%', customers: 10, predicted: 20_000 },
      { label: 'Others', customers: 990, predicted: 20_000 },
    ],
    best: [{ id: '0042', tier: 'Top 1%', predicted: 5000.5, pAlive: 0.97, nextOrder: '2026-01-12' }],
  }),
  clusters: told([
    { id: 1, rank: 1, customers: 100, medianClv: 300, index: 7.5 },
    { id: 2, rank: 2, customers: 900, medianClv: 20, index: 0.5 },
  ]),
};

/** What a home tells that has been in service for a year and in which nothing waits for a person. */
export function servingFacts(change: Partial<DashboardFacts> = {}): DashboardFacts {
  return freshFacts({
    settings: told({
      hasOrdersSource: true,
      launchDate: '2025-01-06',
      hour: 6,
      nextCutoff: '2026-01-31',
      maxStalenessDays: 7,
    }),
    orders: told({
      changedMs: NOW - DAY_MS,
      newestRejects: {
        file: 'outputs/data_quality/rejects_20260105_060000.csv',
        writtenMs: NOW - 6 * 3_600_000,
      },
    }),
    models: told({ champion: CHAMPION, candidates: told([]) }),
    calendar: told({
      nextSlotMs: Date.UTC(2026, 1, 2, 6),
      openSlotsMs: [],
      damaged: [],
      windows: [
        {
          cutoff: '2025-10-01',
          predMonths: 6,
          dueMs: Date.UTC(2026, 3, 1),
          stage: 'maturing',
          modelId: CHAMPION.id,
          customers: 980,
          predicted: 44_000,
          progress: { asOf: '2026-01-01', realised: 23_100, expected: 21_000 },
        },
      ],
    }),
    drift: told({ results: [windowOf('2025-01-01', 51), windowOf('2025-02-01', 49)], alerts: [] }),
    run: told(RUN),
    ...change,
  });
}
