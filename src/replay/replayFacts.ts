import type { IsoDate } from '../domain/calendar/dates.ts';
import type { DriftReason } from '../domain/drift/compareWithBaseline.ts';

/** One scoring run of a replay and what became of its window. Revenue in units of currency. */
export interface ReplayedRun {
  readonly cutoff: IsoDate;
  readonly predMonths: number;
  readonly modelId: string;
  readonly customers: number;
  readonly predictedRevenue: number;
  /** The day on which the window has passed. */
  readonly dueDate: IsoDate;
  /** What follows is null while the window is open. */
  readonly actualRevenue: number | null;
  readonly rmse: number | null;
  readonly r2: number | null;
  readonly baselineRmse: number | null;
  readonly baselineR2: number | null;
  /** What raised an alert; empty where nothing did. */
  readonly alertReasons: readonly DriftReason[];
  /** The largest population stability index of the run's features; null where there was nothing to compare with. */
  readonly psi: number | null;
}

/** What the policy did, on the simulated day. */
export interface ReplayedDecision {
  readonly date: IsoDate;
  readonly what: string;
  readonly modelId: string | null;
}

/** All that a report tells of a replay. */
export interface ReplayFacts {
  readonly from: IsoDate;
  readonly to: IsoDate;
  /** The rule that answered the gates, in a sentence. */
  readonly policy: string;
  readonly orders: {
    readonly rows: number;
    readonly customers: number;
    readonly first: IsoDate;
    readonly last: IsoDate;
  };
  readonly runs: readonly ReplayedRun[];
  readonly decisions: readonly ReplayedDecision[];
  /** Files that the home holds at the end, counted by folder. */
  readonly files: readonly { readonly folder: string; readonly files: number; readonly bytes: number }[];
  readonly jobs: readonly { readonly job: string; readonly runs: number }[];
  /** Real time that the replay took. */
  readonly seconds: number;
}
