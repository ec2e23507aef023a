import type { AlertMessage } from '../alertMessage.ts';
import { type AlertSettings, demandSecret, type Environment } from './channel.ts';
import { postJson } from './postJson.ts';

/** Posts headline and summary as `{text}`, which Slack and compatible chats show in the channel of the webhook. */
export async function sendToSlack(
  settings: NonNullable<AlertSettings['slack']>,
  message: AlertMessage,
  env: Environment,
): Promise<void> {
  const url = demandSecret(env, settings.url_env, 'slack.url_env');
  const text = `*${escaped(message.headline)}*\n${escaped(message.summary)}`;
  await postJson('chat webhook', url, JSON.stringify({ text }), {});
}

/** Escapes the three characters that control Slack's markup. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
