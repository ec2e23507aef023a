import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { KeyNeededError } from '../errors/errors.ts';

/** Lets requests pass that carry `key`: as a bearer token, or as the password of any user, which browsers can do. */
export function keyGuard(key: string): RequestHandler {
  const expected = digest(Buffer.from(key, 'utf8'));
  return (request, response, next) => {
    const given = keyIn(request.headers.authorization);
    // Digests are of one length, and comparing them takes one time, however much of the key was guessed.
    if (given !== null && timingSafeEqual(digest(given), expected)) return next();
    response.setHeader('WWW-Authenticate', ['Basic realm="CLV Horizon", charset="UTF-8"', 'Bearer']);
    next(new KeyNeededError());
  };
}

/** The bytes of the key in an Authorization header; null where it carries none. */
function keyIn(header: string | undefined): Buffer | null {
  const [, scheme, credentials] = /^(bearer|basic) +(.*)$/i.exec(header ?? '') ?? [];
  if (credentials === undefined) return null;
  // Node reads headers as latin1; these are the bytes that were sent.
  if (scheme.toLowerCase() === 'bearer') return Buffer.from(credentials, 'latin1');
  const pair = Buffer.from(credentials, 'base64');
  const colon = pair.indexOf(':');
  return colon < 0 ? null : pair.subarray(colon + 1);
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
