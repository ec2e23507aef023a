import type { Command } from 'commander';
import { alertFigures } from '../../alerts/alertFigures.ts';
import { testMessage } from '../../alerts/alertMessage.ts';
import type { Delivery } from '../../alerts/alertRecords.ts';
import { ChannelAwayError } from '../../alerts/channels/channel.ts';
import { configuredChannels, sendThrough } from '../../alerts/channels/sendThrough.ts';
import { type Alert, listAlerts } from '../../alerts/listAlerts.ts';
import { demandHome, loadConfig } from '../../config/loadConfig.ts';
import { fileTimestamp } from '../../domain/calendar/timestamps.ts';
import { isSustained } from '../../domain/drift/sustainedDrift.ts';
import { ClvError } from '../../domain/errors.ts';
import { amount } from '../../domain/words/amount.ts';
import { figure } from '../../domain/words/figures.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';

export function addAlertsCommand(program: Command): void {
  const alerts = withCommonOptions(
    program.command('alerts').description('list drift alerts: which, how bad, and who takes care of them'),
  ).action(async (options) => {
    const { home, terminal } = contextOf(options);
    await demandHome(home);
    const list = await listAlerts(home);
    terminal.result(
      list.length === 0 ? 'There is no alert.' : list.map(describe).join('\n\n'),
      list.map(alertFigures),
    );
  });
  withCommonOptions(
    alerts
      .command('test')
      .description('send a test message through every channel that is set up; exit 1 if one fails'),
  ).action(async (_options, command: Command) => {
    const { home, terminal } = contextOf(command.optsWithGlobals());
    const { monitoring } = await loadConfig(home);
    const nowMs = systemClock.now();
    const message = testMessage(`test-${fileTimestamp(nowMs)}`);
    const outcomes = [];
    for (const channel of configuredChannels(monitoring.alerts)) {
      const failure = await sendThrough(channel, message, monitoring.alerts, {
        env: process.env,
        nowMs,
      }).then(sentenceOfRefused, sentenceOf);
      outcomes.push({ channel, ok: failure === null, failure });
    }
    terminal.result(
      outcomes.length === 0
        ? 'No channel is set up; see monitoring.alerts in the config.'
        : outcomes
            .map(({ channel, failure }) => `${failure === null ? '✓' : '✗'} ${channel}  ${failure ?? 'sent'}`)
            .join('\n'),
      outcomes,
    );
    if (outcomes.some(({ ok }) => !ok)) process.exitCode = 1;
  });
}

function sentenceOfRefused(addresses: readonly string[]): string | null {
  if (addresses.length === 0) return null;
  return `The mail server took the message, but not for ${addresses.join(', ')}.\nCorrect these addresses in monitoring.alerts.email.to.`;
}

function sentenceOf(error: unknown): string {
  if (error instanceof ChannelAwayError)
    return `${error.message}\nA test is not tried again; an alert is, for about an hour.`;
  if (error instanceof ClvError) return error.toSentences();
  throw error;
}

function describe({ id, result, inARow, acknowledgement, deliveries }: Alert): string {
  const { metrics, baseline, modelId } = result;
  return [
    id,
    `  RMSE ${amount(metrics.rmse)} (baseline ${amount(baseline.rmse)}), R² ${show(metrics.r2)} (baseline ${show(baseline.r2)}), ${modelId}`,
    ...(isSustained(inARow) ? [`  ${inARow.length} alerts in a row: grid search recommended`] : []),
    `  sent to ${deliveries.map(describeDelivery).join(', ') || 'nobody'}`,
    acknowledgement === null
      ? `  not acknowledged: clv acknowledge ${id} --by NAME --note TEXT`
      : `  acknowledged by ${acknowledgement.by} at ${acknowledgement.at}: ${acknowledgement.note}`,
  ].join('\n');
}

function describeDelivery({ channel, refused }: Delivery): string {
  return refused === undefined ? channel : `${channel} (refused for ${refused.join(', ')})`;
}

function show(r2: number | null): string {
  return r2 === null ? 'undefined' : figure(r2);
}
