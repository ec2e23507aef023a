import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClvError } from '../domain/errors.ts';
import type { Api } from './api.ts';
import { createApp } from './createApp.ts';
import { isLoopback } from './guards/loopback.ts';
import { refuseUnparsed } from './refuseUnparsed.ts';

/** Requests that still run this long after the order to stop are cut off. */
const CLOSE_DEADLINE_MS = 3_000;

const LOCAL = '127.0.0.1';

/** Where a server listens, and who may ask it. */
export interface ServerOptions extends Api {
  /** The address to listen on; default 127.0.0.1. Any but a loopback one needs an `apiKey`. */
  readonly host?: string;
  /** 0 for a free one. */
  readonly port: number;
  /** Every request must carry it; undefined, empty or blank for none. */
  readonly apiKey?: string | undefined;
}

/** The server cannot be started where it was asked to. */
export class ServerStartError extends ClvError {}

/** A server that listens. */
export interface ApiServer {
  /** Where it answers on this machine, without a slash at the end. */
  readonly url: string;
  /** Lets requests that run end, within a limit, then stops listening. */
  close(): Promise<void>;
}

/** The key that requests must carry, or null for none. Throws ServerStartError where the address needs one. */
export function demandKey({ host = LOCAL, apiKey }: Pick<ServerOptions, 'host' | 'apiKey'>): string | null {
  const key = apiKey?.trim() || null;
  if (key !== null || isLoopback(host)) return key;
  throw new ServerStartError(
    'API_KEY_NEEDED',
    `On ${host} others than this machine could reach the API, and no key is set.`,
    {
      remedy: 'Set CLV_API_KEY to a long random text, or listen on 127.0.0.1.',
      values: { host },
    },
  );
}

/** Serves the API and the board. Throws ServerStartError. */
export async function startServer(options: ServerOptions): Promise<ApiServer> {
  const { home, queues, clock, log, host = LOCAL, port } = options;
  const key = demandKey(options);
  const app = createApp({ home, queues, clock, log }, { boundHost: host, key });
  const server = createServer(app);
  // An expectation that is not known is passed over; Node itself would answer 417, and nothing of why.
  server.on('checkExpectation', app);
  refuseUnparsed(server, { home, log });
  await listen(server, host, port);
  return { url: urlOf(host, (server.address() as AddressInfo).port), close: () => close(server) };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: host.replace(/^\[(.*)\]$/, '$1'), port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const isTaken = code === 'EADDRINUSE';
    throw new ServerStartError(
      isTaken ? 'PORT_TAKEN' : 'ADDRESS_UNUSABLE',
      isTaken
        ? `Port ${port} on ${host} is taken by another program.`
        : `The server cannot listen on ${host}, port ${port} (${message}).`,
      { remedy: 'Choose another with --port or --host.', values: { host, port }, cause },
    );
  }
}

async function close(server: Server): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_DEADLINE_MS);
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(deadline);
}

function urlOf(host: string, port: number): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  // "Every address" is no address to go to; loopback is one of them.
  const reachable = bare === '0.0.0.0' ? '127.0.0.1' : bare === '::' ? '::1' : bare;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
