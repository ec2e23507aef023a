import { acknowledgeDriftAlert } from './handlers/acknowledgeDriftAlert.ts';
import { cancelRun } from './handlers/cancelRun.ts';
import { compareModels } from './handlers/compareModels.ts';
import { decideModel } from './handlers/decideModel.ts';
import { decideSearch } from './handlers/decideSearch.ts';
import { dismissRequest } from './handlers/dismissRequest.ts';
import { goToBoard } from './handlers/goToBoard.ts';
import { listDriftAlerts } from './handlers/listDriftAlerts.ts';
import { listSearches } from './handlers/listSearches.ts';
import { rollBackModel } from './handlers/rollBackModel.ts';
import { searchOnRequest } from './handlers/searchOnRequest.ts';
import { sendSearchFile } from './handlers/sendSearchFile.ts';
import { sendTrainingReport } from './handlers/sendTrainingReport.ts';
import { showCustomer } from './handlers/showCustomer.ts';
import { showEligibility } from './handlers/showEligibility.ts';
import { showHealth } from './handlers/showHealth.ts';
import { showJob } from './handlers/showJob.ts';
import { showMetrics } from './handlers/showMetrics.ts';
import { showModel } from './handlers/showModel.ts';
import { showModels } from './handlers/showModels.ts';
import { showReadiness } from './handlers/showReadiness.ts';
import { showRequests } from './handlers/showRequests.ts';
import { showSearch } from './handlers/showSearch.ts';
import { startRun } from './handlers/startRun.ts';
import { startSearch } from './handlers/startSearch.ts';
import { trainModel } from './handlers/trainModel.ts';
import { withJob } from './handlers/withJob.ts';
import { withRedis } from './handlers/withRedis.ts';
import type { Route } from './route.ts';

/** Every route of the API; the board has its own, under `/queues`. */
export const ROUTES: readonly Route[] = [
  { method: 'get', path: '/', purpose: 'Leads to the board.', handler: goToBoard },
  { method: 'get', path: '/healthz', purpose: 'Tells that the server is up.', handler: showHealth },
  {
    method: 'get',
    path: '/readyz',
    purpose:
      'Tells whether a run can be started: Redis answers, the config can be used, and a champion is in service.',
    handler: showReadiness,
  },
  { method: 'get', path: '/metrics', purpose: 'Tells Prometheus how things stand.', handler: showMetrics },
  {
    method: 'post',
    path: '/api/score-runs',
    purpose: 'Queues a scoring run.',
    handler: withRedis(startRun),
  },
  {
    method: 'post',
    path: '/api/grid-searches',
    purpose: 'Queues a search over windows.',
    handler: withRedis(startSearch),
  },
  {
    method: 'get',
    path: '/api/grid-searches',
    purpose: 'Lists all searches, newest first.',
    handler: withRedis(listSearches),
  },
  {
    method: 'get',
    path: '/api/grid-searches/:id',
    purpose: 'Shows how far a search is, and what it proposes.',
    handler: showSearch,
  },
  {
    method: 'get',
    path: '/api/grid-searches/:id/files/:name',
    purpose: 'Serves the results and the two heat maps of a search.',
    handler: sendSearchFile,
  },
  {
    method: 'post',
    path: '/api/grid-searches/:id/approval',
    purpose: 'Gate 1: a named person approves a window and has it trained, or rejects the search.',
    handler: decideSearch,
  },
  {
    method: 'post',
    path: '/api/trainings',
    purpose: 'Queues the training of a candidate.',
    handler: withRedis(trainModel),
  },
  {
    method: 'get',
    path: '/api/requests',
    purpose: 'Lists what the program asks of a person, newest first.',
    handler: showRequests,
  },
  {
    method: 'post',
    path: '/api/requests/:id/grid-search',
    purpose: 'A named person turns a request into a search.',
    handler: withRedis(searchOnRequest),
  },
  {
    method: 'post',
    path: '/api/requests/:id/dismissal',
    purpose: 'A named person decides that nothing is to be done about a request.',
    handler: dismissRequest,
  },
  { method: 'get', path: '/api/models', purpose: 'Lists all models, newest first.', handler: showModels },
  {
    method: 'get',
    path: '/api/models/:id',
    purpose: 'Shows the card of a model and where it stands.',
    handler: showModel,
  },
  {
    method: 'get',
    path: '/api/models/:id/report',
    purpose: 'Serves the report of a training as a page.',
    handler: sendTrainingReport('html'),
  },
  {
    method: 'get',
    path: '/api/models/:id/report.csv',
    purpose: 'Serves the figures of that report as CSV.',
    handler: sendTrainingReport('csv'),
  },
  {
    method: 'get',
    path: '/api/customers/:id',
    purpose: 'Shows what the newest complete run says of one customer.',
    handler: showCustomer,
  },
  {
    method: 'get',
    path: '/api/jobs/:id',
    purpose: 'Shows one job of any queue.',
    handler: withRedis(withJob(showJob)),
  },
  {
    method: 'delete',
    path: '/api/jobs/:id',
    purpose: 'Takes back a scoring run that has not begun.',
    handler: withRedis(withJob(cancelRun)),
  },
  {
    method: 'post',
    path: '/api/models/:id/approval',
    purpose: 'Gate 2: a named person signs a candidate off, or rejects it.',
    handler: decideModel,
  },
  {
    method: 'post',
    path: '/api/models/:id/rollback',
    purpose: 'A named person puts an earlier champion back into service.',
    handler: rollBackModel,
  },
  {
    method: 'get',
    path: '/api/alerts',
    purpose: 'Lists the drift alerts and who takes care of them.',
    handler: listDriftAlerts,
  },
  {
    method: 'post',
    path: '/api/alerts/:id/acknowledgement',
    purpose: 'A named person takes care of a drift alert.',
    handler: acknowledgeDriftAlert,
  },
  {
    method: 'get',
    path: '/api/models/:id/compare/:other',
    purpose: 'Holds two models against each other on the same customers and months.',
    handler: compareModels,
  },
  {
    method: 'get',
    path: '/api/eligibility',
    purpose: 'Tells whether the orders can carry a forecast.',
    handler: showEligibility,
  },
];
