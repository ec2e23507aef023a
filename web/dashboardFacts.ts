import type { IsoDate } from '../src/domain/calendar/dates.ts';
import type { DriftReason } from '../src/domain/drift/compareWithBaseline.ts';
import type { DriftResult } from '../src/domain/drift/driftResult.ts';
import type { ForecastMetrics } from '../src/domain/evaluation/metrics.ts';
import type { TotalBounds } from '../src/domain/forecast/intervals/totalSpread.ts';
import type { LevelShift } from '../src/domain/forecast/season/season.ts';

/**
 * Everything that the dashboard shows, as files and Redis told it at one moment. Instants are milliseconds since 1970 UTC,
 * amounts in the currency of the orders, shares from 0 to 1. Texts are as they were found: whoever renders them escapes them.
 */
export interface DashboardFacts {
  readonly asOfMs: number;
  /** The business time zone, an IANA name. */
  readonly timezone: string;
  /** The folder of the shop. */
  readonly homeRoot: string;
  readonly settings: Part<SettingsFacts>;
  readonly orders: Part<OrdersFacts>;
  readonly models: Part<ModelsFacts>;
  /** What waits for a person beside the models. */
  readonly decisions: Part<DecisionFacts>;
  readonly calendar: Part<CalendarFacts>;
  readonly drift: Part<DriftFacts>;
  readonly run: Part<RunFacts | null>;
  readonly queues: Part<QueuesFacts>;
}

/** A part of the facts, or why it could not be read. */
export type Part<T> =
  | { readonly facts: T; readonly trouble: null }
  | { readonly facts: null; readonly trouble: Trouble };

/** Why something could not be read, and what to do. */
export interface Trouble {
  readonly says: string;
  readonly remedy: string | null;
}

/** What the config says. */
export interface SettingsFacts {
  readonly hasOrdersSource: boolean;
  readonly launchDate: IsoDate | null;
  /** The hour of the business day at which runs begin. */
  readonly hour: number;
  /** The cutoff that the next run scores. */
  readonly nextCutoff: IsoDate | null;
  /** Days that the newest order may be older than a cutoff; null where nobody looks. */
  readonly maxStalenessDays: number | null;
}

/** What is known of the orders without reading them. */
export interface OrdersFacts {
  /** When their files were changed last; null where the config names none. */
  readonly changedMs: number | null;
  /** The file of rejected rows that was written last, below the home. */
  readonly newestRejects: { readonly file: string; readonly writtenMs: number } | null;
}

/** The model in service and those that wait to be. */
export interface ModelsFacts {
  readonly champion: ChampionFacts | null;
  /** Newest first. A card of theirs that is damaged must not hide the champion. */
  readonly candidates: Part<readonly CandidateFacts[]>;
}

/** A model in service. */
export interface ChampionFacts {
  readonly id: string;
  readonly sinceMs: number;
  readonly signedBy: string;
  readonly note: string;
  readonly cutoff: IsoDate;
  readonly historyMonths: number;
  readonly predMonths: number;
  readonly fitCutoff: IsoDate;
  readonly measuredCutoff: IsoDate;
  /** Out of time. */
  readonly metrics: ForecastMetrics;
  /** RMSE of the mean for everybody, on the same customers. */
  readonly rmseOfMean: number;
  /** The naive rate, on the same customers; null for a model of an earlier version. */
  readonly naive: ForecastMetrics | null;
  /** The mean for everybody, on the same customers; null as before. */
  readonly mean: ForecastMetrics | null;
  /** Share of the measured customers within their interval of 80 %; null where there are no intervals. */
  readonly coverage: number | null;
  /** A change of how often customers order that its forecasts follow; null for none. */
  readonly levelShift: LevelShift | null;
  readonly hasReport: boolean;
}

/** A model that nobody decided on. */
export interface CandidateFacts {
  readonly id: string;
  readonly trainedMs: number;
  readonly historyMonths: number;
  readonly predMonths: number;
  readonly rmse: number;
  readonly hasReport: boolean;
  /** The benchmarks that it lost to: to sign it off takes an override. */
  readonly losesTo: readonly string[];
}

/** Searches and requests that nobody decided on, each newest first. */
export interface DecisionFacts {
  readonly searches: readonly {
    readonly id: string;
    readonly requestedMs: number;
    readonly requestedBy: string;
    readonly historyMonths: number;
    readonly predMonths: number;
    readonly isTieWithinNoise: boolean;
  }[];
  readonly requests: readonly { readonly id: string; readonly openedMs: number; readonly reason: string }[];
}

/** What has run, what comes, and what waits. */
export interface CalendarFacts {
  /** When the next run begins; null where nothing runs by the calendar. */
  readonly nextSlotMs: number | null;
  /** Slots that came more than an hour ago and that nothing became of, oldest first. */
  readonly openSlotsMs: readonly number[];
  /** Windows whose comparison is still to come, in the order in which they are due. */
  readonly windows: readonly WaitingWindow[];
  /** Prediction files that cannot be told the window of, and why. */
  readonly damaged: readonly Trouble[];
}

/** A prediction window that was not compared with reality yet. */
export interface WaitingWindow {
  readonly cutoff: IsoDate;
  readonly predMonths: number;
  readonly dueMs: number;
  /** `merged`: what customers spent is known, the comparison is missing. */
  readonly stage: 'maturing' | 'merged';
  readonly modelId: string;
  readonly customers: number;
  /** Null where the prediction does not say. */
  readonly predicted: number | null;
  /** How it stood when orders were read last; null where that was not told. */
  readonly progress: WindowProgress | null;
}

/** What came so far of an open window, and what was to be expected by then: by the season where it is known. */
export interface WindowProgress {
  readonly asOf: IsoDate;
  readonly realised: number;
  readonly expected: number;
}

/** What became of predictions. */
export interface DriftFacts {
  /** Of each window the result that stands, in the order of their ends. */
  readonly results: readonly MeasuredWindow[];
  /** The alerts that stand, newest window first. */
  readonly alerts: readonly AlertFacts[];
}

/** What became of the predictions of a window. */
export interface MeasuredWindow extends DriftResult {
  /** Whether the model had learned from months of it, which flatters it. */
  readonly isInSample: boolean;
}

/** A drift alert and who takes care of it. */
export interface AlertFacts {
  readonly id: string;
  readonly cutoff: IsoDate;
  readonly predMonths: number;
  readonly windowEnd: IsoDate;
  /** What raised it. */
  readonly reasons: readonly DriftReason[];
  /** Share by which the RMSE lay above the baseline; null where the baseline is 0. */
  readonly rmseRise: number | null;
  readonly r2: number | null;
  readonly baselineR2: number | null;
  /** Null while nobody does. */
  readonly acknowledgedBy: string | null;
}

/** A month of a prediction window: its first day, and what is expected from then to the next one. */
export interface MonthFacts {
  readonly start: string;
  readonly revenue: number;
}

/** The newest complete run. */
export interface RunFacts {
  readonly cutoff: IsoDate;
  readonly predMonths: number;
  readonly modelId: string;
  readonly endedMs: number;
  readonly customers: number;
  readonly predicted: number;
  /** Between which it lies in four windows of five; null where the run does not say. */
  readonly predictedBounds: TotalBounds | null;
  /** By month of its window; empty where the run does not say. */
  readonly predictedByMonth: readonly MonthFacts[];
  /** Names of its files below the home, by what they hold; null for one that it did not write. */
  readonly files: { readonly ranked: string | null; readonly clusters: string | null };
  readonly orders: RunOrders;
  readonly ranked: Part<{
    readonly tiers: readonly TierFacts[];
    readonly best: readonly BestCustomerFacts[];
  }>;
  readonly clusters: Part<readonly ClusterFacts[]>;
}

/** What the run read, in rows of the source. */
export interface RunOrders {
  readonly rowsRead: number;
  readonly acceptedRows: number;
  readonly guestRows: number;
  readonly guestRevenue: number;
  readonly rejectedRows: number;
  readonly rejectsByReason: Readonly<Record<string, number>>;
  readonly customers: number;
  readonly firstDate: IsoDate;
  /** The day of the first order that is no stray one. Absent in reports of earlier versions, as are stray orders. */
  readonly openingDate?: IsoDate;
  /** Orders so long before all others that the shop did not begin with them. */
  readonly strayOrders?: readonly { readonly customerId: string; readonly day: IsoDate }[];
  readonly lastDate: IsoDate;
  /** Orders that are many times as large as any other customer's, the largest first. Absent in reports of earlier versions. */
  readonly outlyingOrders?: readonly OutlyingOrderFacts[];
}

/** An order that decides what its customer, and all together, are expected to spend. */
export interface OutlyingOrderFacts {
  readonly customerId: string;
  readonly day: IsoDate;
  /** Units of currency. */
  readonly revenue: number;
  /** How many times the largest order of any customer who is not such a one. */
  readonly times: number;
}

/** One value tier, best first. */
export interface TierFacts {
  readonly label: string;
  readonly customers: number;
  readonly predicted: number;
}

/** One of the best customers. */
export interface BestCustomerFacts {
  readonly id: string;
  readonly tier: string;
  readonly predicted: number;
  readonly pAlive: number | null;
  readonly nextOrder: IsoDate | null;
}

/** One behaviour cluster, best first. */
export interface ClusterFacts {
  readonly id: number;
  readonly rank: number;
  readonly customers: number;
  readonly medianClv: number;
  /** Median over that of all customers; null where that is 0. */
  readonly index: number | null;
}

/** What Redis knows. */
export interface QueuesFacts {
  readonly queues: readonly QueueFacts[];
  /** Cutoffs whose runs are queued for a later day, the nearest first. */
  readonly queuedCutoffs: readonly IsoDate[];
  /** Threads of all processes that work. */
  readonly threads: number;
  /**
   * Says that another home has the id of this one on Redis, so that the jobs there may be its and the workers of this home
   * are paused; null while the id is this home's own.
   */
  readonly idTaken: Trouble | null;
  /** Says that Redis takes no writes, so that nothing can be queued and no job goes on; null while it does. */
  readonly refusal: Trouble | null;
}

/** The jobs of one queue. */
export interface QueueFacts {
  readonly name: string;
  /** Whether somebody paused it on the board, so that nothing in it begins. */
  readonly isPaused: boolean;
  readonly waiting: number;
  /** Jobs that wait for another job, as a comparison does for its alarm. */
  readonly behindOthers: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  /** The job that failed last; null for none. */
  readonly lastFailure: { readonly job: string; readonly failedMs: number; readonly reason: string } | null;
}
