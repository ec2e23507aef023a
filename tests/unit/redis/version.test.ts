import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAtLeast, parseProgramVersion } from '../../../src/redis/version.ts';

describe('comparing versions', () => {
  it('compares number by number, not letter by letter', () => {
    expect(isAtLeast('10.0.0', '6.2.0')).toBe(true);
    expect(isAtLeast('6.10.0', '6.2.0')).toBe(true);
    expect(isAtLeast('6.0.16', '6.2.0')).toBe(false);
    expect(isAtLeast('5.0.7', '6.2.0')).toBe(false);
  });

  it('counts a missing part as zero', () => {
    expect(isAtLeast('6.2', '6.2.0')).toBe(true);
    expect(isAtLeast('6', '6.2.0')).toBe(false);
  });

  it('is a total order', () => {
    const version = fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
    fc.assert(fc.property(version, version, (a, b) => isAtLeast(a, b) || isAtLeast(b, a)));
  });
});

describe('reading what a server program calls itself', () => {
  it('knows Redis', () => {
    const text = 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d7c971a948f0';
    expect(parseProgramVersion(text)).toEqual({
      product: 'Redis',
      number: '7.0.15',
      compatibleWith: '7.0.15',
    });
  });

  it('knows Valkey, whose first release speaks what Redis 7.2 speaks', () => {
    const text = 'Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1a2b3c4d5e6f7081';
    expect(parseProgramVersion(text)).toEqual({
      product: 'Valkey',
      number: '8.1.1',
      compatibleWith: '7.2.4',
    });
  });

  it('does not take another program for a server', () => {
    expect(parseProgramVersion('redis-cli 7.0.15')).toBeUndefined();
    expect(parseProgramVersion('')).toBeUndefined();
  });
});
