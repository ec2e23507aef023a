import type { RequestHandler } from 'express';
import { OriginRefusedError } from '../errors/errors.ts';
import { parseUrl } from './parseUrl.ts';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses state changes that a page of another origin asks a browser for: the browser would add the key that its user
 * once typed. Browsers send Sec-Fetch-Site or Origin with such requests; programs like curl send neither and pass.
 */
export function originGuard(): RequestHandler {
  return (request, _response, next) => {
    if (READING.has(request.method)) return next();
    const { origin, host } = request.headers;
    const site = request.get('Sec-Fetch-Site');
    const isOwnSite = site === undefined || site === 'same-origin' || site === 'none';
    const isOwnOrigin = origin === undefined || isOriginOf(origin, host);
    next(isOwnSite && isOwnOrigin ? undefined : new OriginRefusedError({ origin, host, site }));
  };
}

/** Whether `origin` names the server that `host` does. The scheme is left out: a proxy may end TLS before this server. */
function isOriginOf(origin: string, host: string | undefined): boolean {
  const from = parseUrl(origin);
  if (from === null || host === undefined) return false;
  return from.host !== '' && from.host === parseUrl(`${from.protocol}//${host}`)?.host;
}
