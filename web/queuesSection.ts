import { count } from '../src/artefacts/pages/htmlPage.ts';
import { counted } from '../src/domain/words/counted.ts';
import type { DashboardFacts } from './dashboardFacts.ts';
import { failedJobsUrl } from './failedJobsUrl.ts';
import { link, section, shown, wideTable } from './section.ts';

const NOT_OURS =
  'Another home has the id of this one on Redis: these may be its jobs, and the workers of this home are paused.';

/** How many jobs wait, run and have failed. */
export function queuesSection({ queues }: DashboardFacts): string {
  const body = shown(
    queues,
    ({
      queues: all,
      threads,
      idTaken,
    }) => `${idTaken === null ? '' : `<p class="trouble">${NOT_OURS}</p>`}${wideTable(
      'Queues',
      ['Queue', 'Waiting', 'Active', 'Failed', 'Delayed', 'Behind other jobs'],
      all.map(({ name, isPaused, waiting, active, delayed, behindOthers, failed }) => ({
        cells: [
          link(`/queues/queue/${encodeURIComponent(name)}`, isPaused ? `${name} (paused)` : name),
          count(waiting),
          count(active),
          failed === 0 ? '0' : link(failedJobsUrl(name), count(failed)),
          count(delayed),
          count(behindOthers),
        ],
        mark: failed === 0 && !isPaused ? undefined : ('alert' as const),
      })),
    )}
<p class="faint">${threads === 0 ? 'No worker is running.' : `${counted(threads, 'thread')} for computing in all processes that work.`} Delayed jobs are alarms and schedules that wait for their time. The names lead to the board.</p>`,
  );
  return section('queues', 'Queues', body);
}
