import { acknowledgeDriftAlert } from './handlers/acknowledgeDriftAlert.ts';
import { decideModel } from './handlers/decideModel.ts';
import { goToBoard } from './handlers/goToBoard.ts';
import { listDriftAlerts } from './handlers/listDriftAlerts.ts';
import { rollBackModel } from './handlers/rollBackModel.ts';
import { showHealth } from './handlers/showHealth.ts';
import { showJob } from './handlers/showJob.ts';
import { showMetrics } from './handlers/showMetrics.ts';
import { showReadiness } from './handlers/showReadiness.ts';
import { startRun } from './handlers/startRun.ts';
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
    purpose: 'Tells whether a run can be started: Redis answers and a champion is in service.',
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
    method: 'get',
    path: '/api/jobs/:id',
    purpose: 'Shows one job of any queue.',
    handler: withRedis(withJob(showJob)),
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
];
