import type { Request, RequestHandler, Response } from 'express';
import { describe, expect, test } from 'vitest';
import { hostGuard } from '../../../src/api/guards/hostGuard.ts';
import { keyGuard } from '../../../src/api/guards/keyGuard.ts';
import { isLoopback } from '../../../src/api/guards/loopback.ts';
import { originGuard } from '../../../src/api/guards/originGuard.ts';

/** The code that a guard refuses a request with; null where it passes. */
function refusalOf(guard: RequestHandler, headers: Record<string, string>, method = 'POST'): string | null {
  let refusal: unknown;
  const request = { method, headers, get: (name: string) => headers[name.toLowerCase()] };
  guard(request as unknown as Request, { setHeader: () => undefined } as unknown as Response, (error) => {
    refusal = error;
  });
  return (refusal as { readonly code: string } | undefined)?.code ?? null;
}
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

describe('a key', () => {
  test('may have colons in it, at which a name and a password are parted as well', () => {
    const guard = keyGuard('horse: battery: staple');
    const headersOf = (pair: string) => ({ authorization: `Basic ${base64(pair)}` });
    expect(refusalOf(guard, headersOf('me:horse: battery: staple'))).toBeNull();
    expect(refusalOf(guard, headersOf('me: staple'))).toBe('KEY_NEEDED');
  });

  test('is no password where there is no pair of a name and a password', () => {
    const guard = keyGuard('horse');
    expect(refusalOf(guard, { authorization: `Basic ${base64(':horse')}` })).toBeNull();
    expect(refusalOf(guard, { authorization: `Basic ${base64('horse')}` })).toBe('KEY_NEEDED');
  });
});

describe('a server without a key', () => {
  test('answers to the name that it is bound to, in any case of its letters', () => {
    const guard = hostGuard('Shop-PC');
    for (const host of ['shop-pc:3000', 'SHOP-PC']) expect(refusalOf(guard, { host })).toBeNull();
    expect(refusalOf(guard, { host: 'shop-pc.example' })).toBe('HOST_REFUSED');
  });

  test('does not answer a request that was meant for no name at all', () => {
    expect(refusalOf(hostGuard('localhost'), {})).toBe('HOST_REFUSED');
    expect(refusalOf(hostGuard('localhost'), { host: '' })).toBe('HOST_REFUSED');
  });

  test.each(['127.0.0.1', '127.255.255.254', '::1', '[::1]', 'LocalHost'])('may listen on %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  test.each(['126.255.255.255', '128.0.0.1', '::2', '0.0.0.0', 'localhost.example', ''])(
    'may not listen on %j',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});

describe('a state change', () => {
  const host = 'shop.example:3000';

  test.each<Record<string, string>>([
    {},
    { 'sec-fetch-site': 'same-origin' },
    // Typed into the address bar, or from a bookmark.
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'same-origin', origin: `https://${host}` },
  ])('passes with %j', (headers) => {
    expect(refusalOf(originGuard(), { host, ...headers })).toBeNull();
  });

  test.each<Record<string, string>>([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'none', origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'file://' },
    { origin: 'https://shop.example:3001' },
  ])('does not pass with %j', (headers) => {
    expect(refusalOf(originGuard(), { host, ...headers })).toBe('ORIGIN_REFUSED');
  });

  test('does not pass where an origin cannot be held against any name of the server', () => {
    expect(refusalOf(originGuard(), { origin: 'http://shop.example' })).toBe('ORIGIN_REFUSED');
    expect(refusalOf(originGuard(), { origin: 'file://', host: '' })).toBe('ORIGIN_REFUSED');
  });
});
