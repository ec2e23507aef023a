import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { Home } from '../config/home.ts';
import { describeError } from './errors/describeError.ts';
import { HeadersTooLargeError, RequestInvalidError, RequestTooSlowError } from './errors/errors.ts';

/** What the parser of Node says of a request that it gives up. */
interface ParserError extends Error {
  readonly code?: string;
  /** What exactly is wrong with it, where the parser says so. */
  readonly reason?: string;
}

/**
 * Has requests that are no HTTP answered as others are, and their connections closed: Node refuses them before the
 * framework sees them, with a bare status.
 */
export function refuseUnparsed(server: Server, { home, log }: { home: Home; log: Logger }): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.prependListener('request', ({ socket }, response) => answers.set(socket, response));
  server.on('clientError', (error: ParserError, socket) => {
    const given = answers.get(socket);
    // Nothing can be put into the middle of an answer, and nobody reads on a connection that is gone.
    const isAnswering = given?.headersSent === true && !given.writableFinished;
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) {
      socket.destroy(error);
      return;
    }
    const { status, body } = describeError(refusalOf(error), home);
    log.info({ status, code: body.error.code, parser: error.code }, 'request');
    socket.end(rawAnswer(status, JSON.stringify(body)), () => socket.destroy());
  });
}

function refusalOf({ code, reason, message }: ParserError): Error {
  if (code === 'HPE_HEADER_OVERFLOW') return new HeadersTooLargeError();
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new RequestTooSlowError();
  return new RequestInvalidError([{ path: 'request', message: `is not HTTP (${reason ?? message})` }]);
}

function rawAnswer(status: number, body: string): string {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
