import { reconcileProcessor } from './maintenance/reconcile.ts';
import { retentionProcessor } from './maintenance/retention.ts';
import { reviewReminderProcessor } from './maintenance/reviewReminder.ts';
import { sendAlertProcessor } from './maintenance/sendAlert.ts';
import { mergeActualsProcessor } from './maturity/mergeActuals.ts';
import { monitorDriftProcessor } from './maturity/monitorDrift.ts';
import { compareModelsProcessor } from './modelBuild/compareModels.ts';
import { gridCellProcessor } from './modelBuild/gridCell.ts';
import { gridSearchProcessor } from './modelBuild/gridSearch.ts';
import { reproduceModelProcessor } from './modelBuild/reproduceModel.ts';
import { trainChampionProcessor } from './modelBuild/trainChampion.ts';
import type { Processor } from './processor.ts';
import { beginRunProcessor } from './scoring/beginRun.ts';
import { bumpCutoffProcessor } from './scoring/bumpCutoff.ts';
import { clusterCustomersProcessor } from './scoring/clusterCustomers.ts';
import { rankClustersProcessor } from './scoring/rankClusters.ts';
import { rankCustomersProcessor } from './scoring/rankCustomers.ts';
import { scoreCustomersProcessor } from './scoring/scoreCustomers.ts';

/** One processor for every contract in `queues/allJobs.ts`. */
export const ALL_PROCESSORS: readonly Processor[] = [
  beginRunProcessor,
  scoreCustomersProcessor,
  rankCustomersProcessor,
  clusterCustomersProcessor,
  rankClustersProcessor,
  bumpCutoffProcessor,
  reconcileProcessor,
  gridSearchProcessor,
  gridCellProcessor,
  trainChampionProcessor,
  reproduceModelProcessor,
  reviewReminderProcessor,
  retentionProcessor,
  mergeActualsProcessor,
  monitorDriftProcessor,
  sendAlertProcessor,
  compareModelsProcessor,
];
