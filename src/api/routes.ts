import type { Route } from './route.ts';
import { acknowledgeDriftAlert } from './routes/acknowledgeDriftAlert.ts';
import { cancelRun } from './routes/cancelRun.ts';
import { compareModels } from './routes/compareModels.ts';
import { decideModel } from './routes/decideModel.ts';
import { decideSearch } from './routes/decideSearch.ts';
import { dismissRequest } from './routes/dismissRequest.ts';
import { goToBoard } from './routes/goToBoard.ts';
import { listDriftAlerts } from './routes/listDriftAlerts.ts';
import { listSearches } from './routes/listSearches.ts';
import { rollBackModel } from './routes/rollBackModel.ts';
import { searchOnRequest } from './routes/searchOnRequest.ts';
import { sendSearchFile } from './routes/sendSearchFile.ts';
import { sendTrainingReportPage, sendTrainingReportTable } from './routes/sendTrainingReport.ts';
import { showComparison } from './routes/showComparison.ts';
import { showCustomer } from './routes/showCustomer.ts';
import { showDashboard } from './routes/showDashboard.ts';
import { showEligibility } from './routes/showEligibility.ts';
import { showHealth } from './routes/showHealth.ts';
import { showJob } from './routes/showJob.ts';
import { showMetrics } from './routes/showMetrics.ts';
import { showModel } from './routes/showModel.ts';
import { showModels } from './routes/showModels.ts';
import { showOpenApi } from './routes/showOpenApi.ts';
import { showReadiness } from './routes/showReadiness.ts';
import { showRequests } from './routes/showRequests.ts';
import { showSearch } from './routes/showSearch.ts';
import { startRun } from './routes/startRun.ts';
import { startSearch } from './routes/startSearch.ts';
import { trainModel } from './routes/trainModel.ts';

const described: readonly Route[] = [
  goToBoard,
  showDashboard,
  showHealth,
  showReadiness,
  showMetrics,
  startRun,
  startSearch,
  listSearches,
  showSearch,
  sendSearchFile,
  decideSearch,
  trainModel,
  showRequests,
  searchOnRequest,
  dismissRequest,
  showModels,
  showModel,
  sendTrainingReportPage,
  sendTrainingReportTable,
  showCustomer,
  showJob,
  cancelRun,
  decideModel,
  rollBackModel,
  listDriftAlerts,
  acknowledgeDriftAlert,
  compareModels,
  showComparison,
  showEligibility,
];

/** Every route of the API; the board has its own, under `/queues`. */
export const ROUTES: readonly Route[] = [...described, showOpenApi(described)];
