import { describe, expect, it } from 'vitest';
import { parseServerFacts, warningsAbout } from '../../../src/redis/serverFacts.ts';

const INFO = [
  '# Server',
  'redis_version:7.0.15',
  'process_id:4711',
  'executable:/usr/bin/redis-server',
  '# Memory',
  'maxmemory_policy:noeviction',
  '# Persistence',
  'loading:0',
  'aof_enabled:1',
  '# Replication',
  'role:master',
  '',
].join('\r\n');

const facts = (changes: Record<string, string> = {}) => {
  let text = INFO;
  for (const [field, value] of Object.entries(changes)) {
    text = text.replace(new RegExp(`^${field}:.*$`, 'm'), `${field}:${value}`);
  }
  return parseServerFacts(text)!;
};

describe('reading INFO', () => {
  it('takes what matters for queues', () => {
    expect(facts()).toEqual({
      version: { product: 'Redis', number: '7.0.15', compatibleWith: '7.0.15' },
      processId: 4711,
      isLoading: false,
      isReplica: false,
      evictionPolicy: 'noeviction',
      isAppendOnly: true,
    });
  });

  it('names Valkey by its own number and judges it by the Redis it is compatible with', () => {
    const text = INFO.replace('# Memory', 'server_name:valkey\r\nvalkey_version:8.1.1\r\n# Memory');
    expect(parseServerFacts(text)?.version).toEqual({
      product: 'Valkey',
      number: '8.1.1',
      compatibleWith: '7.0.15',
    });
  });

  it('sees a replica and a server that still reads its data', () => {
    expect(facts({ role: 'slave' }).isReplica).toBe(true);
    expect(facts({ loading: '1' }).isLoading).toBe(true);
  });

  it('does not take another text for an answer of Redis', () => {
    expect(parseServerFacts('HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n')).toBeUndefined();
  });
});

describe('warnings', () => {
  it('are not given for a server that is set up for queues', () => {
    expect(warningsAbout(facts(), 'db:6379')).toEqual([]);
  });

  it('name the eviction policy and the command that mends it', () => {
    const warnings = warningsAbout(facts({ maxmemory_policy: 'volatile-ttl' }), 'db:6379');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('db:6379');
    expect(warnings[0]).toContain('volatile-ttl');
    expect(warnings[0]).toContain('CONFIG SET maxmemory-policy noeviction');
  });

  it('name a missing append-only file', () => {
    const warnings = warningsAbout(facts({ aof_enabled: '0' }), 'db:6379');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('CONFIG SET appendonly yes');
  });
});
