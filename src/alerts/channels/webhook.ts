import { createHmac } from 'node:crypto';
import type { AlertMessage } from '../alertMessage.ts';
import { type AlertSettings, demandSecret, type Environment } from './channel.ts';
import { postJson } from './postJson.ts';

/**
 * Posts the message as JSON. The header `X-CLV-Signature: t=<seconds since 1970>,v1=<hex>` carries the HMAC-SHA256,
 * with the shared secret, of `<t>.<body>`: a receiver that rejects old times cannot be sent an old message again by
 * somebody else.
 */
export async function sendToWebhook(
  settings: NonNullable<AlertSettings['webhook']>,
  message: AlertMessage,
  env: Environment,
  nowMs: number,
): Promise<void> {
  const secret = demandSecret(env, settings.secret_env, 'webhook.secret_env');
  const body = JSON.stringify(message);
  await postJson('webhook', settings.url, body, {
    'X-CLV-Delivery': message.id,
    'X-CLV-Signature': signatureOf(body, secret, Math.floor(nowMs / 1000)),
  });
}

function signatureOf(body: string, secret: string, seconds: number): string {
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`, 'utf8').digest('hex');
  return `t=${seconds},v1=${mac}`;
}
