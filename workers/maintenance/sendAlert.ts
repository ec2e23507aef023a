import { readFile } from 'node:fs/promises';
import { sendAlert } from '../../queues/alerts.ts';
import { messageOf } from '../../src/alerts/alertMessage.ts';
import { appendDelivery } from '../../src/alerts/alertRecords.ts';
import { configuredChannels, sendThrough } from '../../src/alerts/channels/sendThrough.ts';
import { AlertUnknownError, readAlert } from '../../src/alerts/listAlerts.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { ClvError } from '../../src/domain/errors.ts';
import { withMonitoringLock } from '../../src/locks/homeLocks.ts';
import { processorOf } from '../processor.ts';

/** An alert left, and nothing says so. Not tried again: every attempt would send it once more. */
class AlertUnrecordedError extends ClvError {}

/**
 * Sends one alert through one channel, unless the record says that it left before. Only a process that dies between the
 * receiver's answer and the record can send it twice; the message carries the same id then.
 */
export const sendAlertProcessor = processorOf(sendAlert, async (request, { home, clock, log }) => {
  const { alertId, actualSha256, channel } = request;
  const alert = await readAlert(home, alertId).catch((error) => {
    if (error instanceof AlertUnknownError) return null;
    throw error;
  });
  // There may be no alert any more.
  if (alert?.result.actualSha256 !== actualSha256) return { skipped: 'the window was measured anew since' };
  if (alert.deliveries.some((delivery) => delivery.channel === channel)) return { skipped: 'sent before' };
  const { monitoring } = await loadConfig(home);
  if (!configuredChannels(monitoring.alerts).includes(channel))
    return { skipped: 'the channel was taken out of the config' };
  const text = await readFile(`${home.outputs}/${alertId}.md`, 'utf8');
  const nowMs = clock.now();
  const message = messageOf(alert, text);
  const refused = await sendThrough(channel, message, monitoring.alerts, { env: process.env, nowMs });
  await withMonitoringLock(home, () =>
    appendDelivery(home, {
      at: new Date(nowMs).toISOString(),
      alert: alertId,
      actual_sha256: actualSha256,
      channel,
      ...(refused.length === 0 ? {} : { refused: [...refused] }),
    }),
  ).catch((cause) => {
    throw new AlertUnrecordedError(
      'ALERT_UNRECORDED',
      `The alert ${alertId} left through ${channel}, and that could not be recorded: ${cause.message}`,
      {
        remedy: 'Nothing has to be sent again: retry the job on the board only to send it once more.',
        cause,
      },
    );
  });
  log.info({ alert: alertId, channel }, 'alert sent');
  if (refused.length === 0) return { sent: channel };
  log.warn(
    { alert: alertId, channel, refused },
    'some addresses were refused; the alert is not sent to them again',
  );
  return { sent: channel, refused };
});
