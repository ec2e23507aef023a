import { parseInfoVersion, type ServerVersion } from './version.ts';

/** What a server says about itself, as far as it matters to the queues. */
export interface ServerFacts {
  readonly version: ServerVersion;
  readonly processId: number;
  readonly isLoading: boolean;
  readonly isReplica: boolean;
  /** What it does when memory is full, e.g. `noeviction`; undefined if it does not say. */
  readonly evictionPolicy: string | undefined;
  readonly isAppendOnly: boolean;
}

/** Reads the answer to `INFO`; undefined if it does not come from a server like Redis. */
export function parseServerFacts(text: string): ServerFacts | undefined {
  const info = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) info.set(line.slice(0, colon), line.slice(colon + 1));
  }
  const version = parseInfoVersion(info);
  if (version === undefined) return undefined;
  return {
    version,
    processId: Number(info.get('process_id')),
    isLoading: info.get('loading') === '1',
    isReplica: info.get('role') === 'slave',
    evictionPolicy: info.get('maxmemory_policy'),
    isAppendOnly: info.get('aof_enabled') === '1',
  };
}

/** What an operator should change on a server that this program does not configure; one or more sentences each. */
export function warningsAbout(facts: ServerFacts, address: string): string[] {
  const warnings: string[] = [];
  if (facts.evictionPolicy !== undefined && facts.evictionPolicy !== 'noeviction') {
    warnings.push(
      `Redis at ${address} has the eviction policy ${facts.evictionPolicy}: when its memory is full it deletes keys, and with them jobs and schedules. ` +
        'Remedy: redis-cli -u "$REDIS_URL" CONFIG SET maxmemory-policy noeviction (and the same line in its configuration file).',
    );
  }
  if (!facts.isAppendOnly) {
    warnings.push(
      `Redis at ${address} keeps no append-only file: a restart may lose queued jobs and schedules. ` +
        'Remedy: redis-cli -u "$REDIS_URL" CONFIG SET appendonly yes (and the same line in its configuration file).',
    );
  }
  return warnings;
}
