import { addJob } from '../../queues/addJob.ts';
import { sendAlert, sendAlertJobId } from '../../queues/alerts.ts';
import { configuredChannels } from '../alerts/channels/sendThrough.ts';
import { listAlerts } from '../alerts/listAlerts.ts';
import type { ModelConfig } from '../config/schema.ts';
import { addDays, dateInZone } from '../domain/calendar/dates.ts';
import type { Difference } from './difference.ts';
import type { ScheduleContext } from './scheduleContext.ts';

/**
 * Alerts of windows that ended longer ago are not sent any more, so that a new channel is not flooded with old ones.
 */
const NEWS_DAYS = 30;

/**
 * The alerts that nobody has acknowledged, that were not delivered through a channel, and whose job is gone, because
 * Redis was emptied while they waited to be sent, or did not accept them; or whose job skipped them, because the channel was
 * out of the config then.
 */
export async function unsentAlertDifferences(
  { home, queues, clock }: Pick<ScheduleContext, 'home' | 'queues' | 'clock'>,
  { general, monitoring }: ModelConfig,
): Promise<Difference[]> {
  const channels = configuredChannels(monitoring.alerts);
  if (channels.length === 0) return [];
  const newsFrom = addDays(dateInZone(clock.now(), general.timezone), -NEWS_DAYS);
  const differences: Difference[] = [];
  for (const { id, result, acknowledgement, deliveries } of await listAlerts(home)) {
    if (acknowledgement !== null || result.windowEnd < newsFrom) continue;
    for (const channel of channels) {
      if (deliveries.some((delivery) => delivery.channel === channel)) continue;
      const payload = { alertId: id, actualSha256: result.actualSha256, channel };
      const jobId = sendAlertJobId(payload);
      const job = await queues.byName[sendAlert.queue].getJob(jobId);
      // One that skipped the alert found its channel out of the config, where it is again now.
      if (job && job.returnvalue?.skipped === undefined) continue;
      differences.push({
        kind: 'alert-unsent',
        says: `The alert ${id} has not left through ${channel}, and its job is gone or has skipped it; it is queued again.`,
        values: { alert: id, channel },
        async mend() {
          await job?.remove();
          await addJob(queues, sendAlert, payload, jobId);
        },
      });
    }
  }
  return differences;
}
