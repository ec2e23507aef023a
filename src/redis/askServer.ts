import { Redis } from 'ioredis';
import { RedisUnreachableError } from './errors.ts';
import { parseServerFacts, type ServerFacts } from './serverFacts.ts';

/** `host:port` of a Redis address, without its secrets; fit for a log. */
export function addressOf(url: string): string {
  if (url.startsWith('/')) return url.split('?')[0]!;
  const { hostname, port } = new URL(url);
  return `${hostname}:${port === '' ? '6379' : port}`;
}

/**
 * Connects once, asks the server who it is (`INFO`) and, if `withFolder`, where its data lies, and hangs up.
 *
 * Never retries and never waits longer than `timeoutMs` in all, name resolution and TLS included.
 * @throws RedisUnreachableError when nobody answers, the password is refused, or what answers is no Redis.
 */
export async function askServer(
  url: string,
  options: { readonly timeoutMs: number; readonly withFolder?: boolean },
): Promise<ServerFacts & { readonly folder: string | undefined }> {
  const client = new Redis(url, {
    lazyConnect: true,
    // RESP2 and no CLIENT SETINFO, so that an old server does not fail on HELLO and its version can be named.
    protocol: 2,
    disableClientInfo: true,
    connectTimeout: options.timeoutMs,
    disconnectTimeout: 200,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableReadyCheck: false,
  });
  // ioredis reports some refusals (such as a wrong password) only here; the pending call merely says "closed".
  let reported: Error | undefined;
  client.on('error', (error: Error) => {
    reported ??= error;
  });
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), options.timeoutMs);
  });
  const conversation = async () => {
    await client.connect();
    const text = await client.info();
    const folder = options.withFolder ? await client.config('GET', 'dir') : undefined;
    return { text, folder: Array.isArray(folder) ? String(folder[1]) : undefined };
  };
  try {
    const { text, folder } = await Promise.race([conversation(), deadline]);
    const facts = parseServerFacts(text);
    if (facts === undefined) throw new Error('no redis_version in INFO');
    return { ...facts, folder };
  } catch (error) {
    throw explain(addressOf(url), reported ?? (error as Error), options.timeoutMs);
  } finally {
    clearTimeout(timer);
    // Hanging up on a connection that is closed already would leave a timer that keeps Node alive for 2 s.
    if (client.status !== 'close' && client.status !== 'end') client.disconnect();
  }
}

const START_IT =
  'Start that server or correct REDIS_URL; without REDIS_URL the program runs a private Redis of its own.';

/** The error for what the socket or the server said, as a sentence. */
function explain(
  address: string,
  error: Error & { code?: string },
  timeoutMs: number,
): RedisUnreachableError {
  const text = error.message;
  const because = (reason: string, remedy = START_IT) =>
    new RedisUnreachableError(address, reason, remedy, error);
  if (/WRONGPASS|invalid password|invalid username/i.test(text)) {
    return because('refuses the user name or the password', 'Correct the user and password in REDIS_URL.');
  }
  if (/NOAUTH/.test(text)) {
    return because('asks for a password', 'Put it into REDIS_URL: redis://:password@host:port');
  }
  if (/NOPERM/.test(text)) {
    return because(
      `does not allow this user what is needed (${text})`,
      'Grant the user at least: ~clv:* &* +@all -@dangerous +info +client|list',
    );
  }
  if (error.code === 'ECONNREFUSED') return because('refuses connections: no server listens there');
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN')
    return because('cannot be found: the host name does not resolve');
  if (/timeout|ETIMEDOUT/i.test(text)) {
    return because(`did not answer within ${timeoutMs / 1000} seconds`);
  }
  // The parser of answers asks to be told of what it does not know; here it is another program that answers.
  return because(`did not answer as a Redis server does (${text.replace(/\.? Please report this\.?$/, '')})`);
}
