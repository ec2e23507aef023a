import type { RequestHandler } from 'express';
import { HostRefusedError } from '../errors/errors.ts';
import { isLoopback } from './loopback.ts';
import { parseUrl } from './parseUrl.ts';

/**
 * Without a key, whoever reaches the server is trusted, and a browser of this machine reaches it. A hostile page can have
 * its own name resolve to 127.0.0.1 (DNS rebinding) and would then be of the same origin; but the Host header still
 * carries that name, so only requests that were meant for loopback or for `boundHost` pass.
 */
export function hostGuard(boundHost: string): RequestHandler {
  return (request, _response, next) => {
    const name = hostName(request.headers.host);
    const isMeant = name !== null && (isLoopback(name) || name === boundHost.toLowerCase());
    next(isMeant ? undefined : new HostRefusedError(request.headers.host));
  };
}

/** The name in a Host header, without its port; null where there is none. */
function hostName(header: string | undefined): string | null {
  if (!header) return null;
  return parseUrl(`http://${header}`)?.hostname ?? null;
}
