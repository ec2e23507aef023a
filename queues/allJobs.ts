import { sendAlert } from './alerts.ts';
import { gridCell, gridSearch } from './gridSearch.ts';
import type { JobContract } from './jobContract.ts';
import { reconcile, retention, reviewReminder } from './maintenance.ts';
import { mergeActuals, monitorDrift } from './maturity.ts';
import { compareModels, reproduceModel, trainChampion } from './modelBuild.ts';
import { beginRun, SCORING_STEPS } from './scoring.ts';

/** Every kind of job. A test compares the processors in `workers/` with this list. */
export const ALL_JOBS: readonly JobContract[] = [
  beginRun,
  ...SCORING_STEPS,
  reconcile,
  gridSearch,
  gridCell,
  trainChampion,
  reproduceModel,
  reviewReminder,
  retention,
  mergeActuals,
  monitorDrift,
  sendAlert,
  compareModels,
];
