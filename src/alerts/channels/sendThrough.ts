import type { AlertMessage } from '../alertMessage.ts';
import type { AlertSettings, Environment } from './channel.ts';
import { sendByEmail } from './email.ts';
import { sendToSlack } from './slack.ts';
import { sendToWebhook } from './webhook.ts';

/** The ways in which an alert reaches people. */
export type Channel = keyof AlertSettings;

/** The channels that the config sets up. */
export function configuredChannels(settings: AlertSettings): Channel[] {
  return (Object.keys(settings) as Channel[]).filter((channel) => settings[channel] !== null);
}

/**
 * Sends a message through one channel; does nothing if the channel is not set up. Gives the addresses that were refused
 * while others took the message.
 *
 * @param env the environment with the secrets that the config names.
 * @throws SecretMissingError, ChannelAwayError, ChannelRefusedError.
 */
export async function sendThrough(
  channel: Channel,
  message: AlertMessage,
  settings: AlertSettings,
  { env, nowMs }: { readonly env: Environment; readonly nowMs: number },
): Promise<readonly string[]> {
  const { webhook, slack, email } = settings;
  if (channel === 'webhook' && webhook !== null) await sendToWebhook(webhook, message, env, nowMs);
  if (channel === 'slack' && slack !== null) await sendToSlack(slack, message, env);
  if (channel === 'email' && email !== null) return sendByEmail(email, message, env);
  return [];
}
