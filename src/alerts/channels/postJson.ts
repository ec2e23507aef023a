import { ANSWER_MS, ChannelAwayError, ChannelRefusedError } from './channel.ts';

/** These ask for another attempt; every other 4xx is final. */
const TRY_AGAIN = new Set([408, 425, 429]);

/**
 * Posts a body and expects a 2xx. Redirects are not followed, because a signed message goes where the config says, and
 * nowhere else. Errors do not contain the address, since that of a chat is a secret.
 *
 * @throws ChannelAwayError for no answer in time, 5xx and the 4xx that ask for another attempt; ChannelRefusedError for
 *   the rest.
 */
export async function postJson(
  channel: string,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const response = await ask(channel, url, body, headers);
  await response.body?.cancel();
  if (response.ok) return;
  const { status } = response;
  if (status >= 500 || TRY_AGAIN.has(status))
    throw new ChannelAwayError('ALERT_NOT_DELIVERED', `The ${channel} answered ${status}.`, {
      remedy: 'It is tried again for about an hour; then retry the job on the board.',
      values: { channel, status },
    });
  throw new ChannelRefusedError('ALERT_REFUSED', `The ${channel} answered ${status}.`, {
    remedy: `Check the address${channel === 'webhook' ? ' and the secret' : ''}, then: clv alerts test`,
    values: { channel, status },
  });
}

async function ask(
  channel: string,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json', ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
  } catch (error) {
    if (!isSendable(url))
      throw new ChannelRefusedError(
        'ALERT_REFUSED',
        `The address of the ${channel} is not a URL, or holds a user name or a password, which cannot be sent.`,
        { remedy: 'Correct it, then: clv alerts test' },
      );
    throw new ChannelAwayError('ALERT_NOT_DELIVERED', `The ${channel} did not answer (${reasonOf(error)}).`, {
      remedy: 'It is tried again for about an hour; then retry the job on the board.',
      values: { channel },
    });
  }
}

/** What `fetch` never sends to: it takes no address with `user:password@`. */
function isSendable(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username === '' && password === '';
}

/** `ECONNREFUSED` and the like, without the words of the error, which may contain the address. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return cause?.code ?? name ?? 'unknown';
}
