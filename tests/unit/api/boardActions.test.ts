import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../../src/api/board/boardActions.ts';

/** The routes of the bull-board that is installed. */
const { appRoutes, buildHistoryRoutes } = createRequire(import.meta.url)('@bull-board/api/dist/routes.js');
const history = buildHistoryRoutes({}, { hasUsage: true, canPurge: true, hasLatency: true });
const ROUTES: { method: string; route: string }[] = [...appRoutes.api, ...history];

const allowed = (params: Record<string, string>) =>
  ROUTES.filter(({ method }) => method !== 'get')
    .filter(({ method, route }) => refusalOf(method, route, params) === null)
    .map(({ method, route }) => `${method} ${route}`)
    .sort();

describe('what the board may change', () => {
  test('is, of all that the installed bull-board can, to retry, promote one job, run a schedule, pause and resume', () => {
    expect(allowed({ queueStatus: 'failed' })).toEqual([
      'put /api/queues/:queueName/:jobId/promote',
      'put /api/queues/:queueName/:jobId/retry',
      'put /api/queues/:queueName/job-schedulers/:schedulerId/run',
      'put /api/queues/:queueName/pause',
      'put /api/queues/:queueName/resume',
      'put /api/queues/:queueName/retry/:queueStatus',
      'put /api/queues/pause',
      'put /api/queues/resume',
    ]);
  });

  test('does not include to retry all completed jobs', () => {
    expect(
      refusalOf('put', '/api/queues/:queueName/retry/:queueStatus', { queueStatus: 'completed' }),
    ).toMatch(/^Only failed jobs/);
  });

  test('does not include an action that nobody has thought about', () => {
    expect(refusalOf('delete', '/api/queues/:queueName', {})).toMatch(/switched off/);
  });

  test('does not concern reading', () => {
    const readable = ROUTES.filter(({ method }) => method === 'get');
    expect(readable.length).toBeGreaterThan(5);
    for (const { method, route } of readable) expect(refusalOf(method, route, {})).toBeNull();
  });
});
