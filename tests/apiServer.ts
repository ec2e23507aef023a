import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { type Job, Worker } from 'bullmq';
import pino from 'pino';
import type { QueueName } from '../queues/jobContract.ts';
import { openQueues, type Queues } from '../queues/openQueues.ts';
import { type ApiServer, type ServerOptions, startServer } from '../src/api/startServer.ts';
import type { Home } from '../src/config/home.ts';
import type { Clock } from '../src/domain/calendar/clock.ts';
import { decideOnModel } from '../src/registry/decideOnModel.ts';
import { demandDescribed } from './describedAnswers.ts';
import { startTestRedis, type TestRedis } from './redis.ts';
import { makeHome, type TemporaryHome } from './temporaryHome.ts';
import { writeTestCandidate } from './testModel.ts';

/** A server on a free port, over a home and a Redis of its own. */
export interface TestServer {
  readonly folder: TemporaryHome;
  readonly redis: TestRedis;
  readonly queues: Queues;
  readonly url: string;
  /** What the server logged so far, a line each. */
  readonly log: readonly Record<string, unknown>[];
  readonly clock: Clock;
  /** The present of the server and of `clock`; starts at noon UTC of 2026-01-01. */
  setTime(epochMs: number): void;
  /** Kills Redis (`TestRedis.crash`) and waits until the server's connection is broken: what it asks next fails. */
  crashRedis(): Promise<void>;
  /** Asks over HTTP. Throws where the answer is not what the OpenAPI document says of it, or tells of the machine. */
  ask(path: string, question?: Question): Promise<Reply>;
  close(): Promise<void>;
}

export interface Question {
  readonly method?: string;
  /** Sent as they are; `fetch` would not let a test set Host or Origin. */
  readonly headers?: OutgoingHttpHeaders;
  /** An object is sent as JSON, a text as it stands. */
  readonly body?: string | object;
}

export interface Reply {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is what the test is about
  readonly json: any;
}

export const NOON = Date.UTC(2026, 0, 1, 12);

/** Starts everything; `options` for a key or another host. */
export async function startTestServer(
  options: Partial<Pick<ServerOptions, 'apiKey' | 'host'>> = {},
): Promise<TestServer> {
  const [folder, redis] = await Promise.all([makeHome(), startTestRedis()]);
  const queues = await openQueues(redis.url, folder.home.id, () => {});
  const log: Record<string, unknown>[] = [];
  let nowMs = NOON;
  const clock: Clock = { now: () => nowMs };
  const server: ApiServer = await startServer({
    home: folder.home,
    queues,
    clock,
    log: pino({ level: 'info' }, { write: (line: string) => log.push(JSON.parse(line)) }),
    port: 0,
    ...options,
  });
  return {
    folder,
    redis,
    queues,
    url: server.url,
    log,
    clock,
    setTime: (epochMs) => {
      nowMs = epochMs;
    },
    async crashRedis() {
      await new Promise<void>((resolve) => {
        // Not once() of node:events, which an error on the way there would reject.
        queues.redis.once('close', resolve);
        redis.crash();
      });
    },
    async ask(path, question) {
      const reply = await ask(server.url, path, question);
      demandDescribed(question?.method ?? 'GET', path, reply);
      demandDiscreet(path, reply, folder.home);
      return reply;
    },
    async close() {
      await server.close();
      await queues.close();
      await redis.stop();
      await folder.remove();
    },
  };
}

/**
 * Throws an Error where an answer tells what is nobody's business who asks from elsewhere: where in the code something
 * failed, or where the home lies. The board is for operators, and tells the first; the result of a job names its files.
 */
function demandDiscreet(path: string, { text, status, json }: Reply, home: Home): void {
  if (path.startsWith('/queues')) return;
  const told = status < 400 && json?.result ? JSON.stringify({ ...json, result: null }) : text;
  const secret = [home.root, process.cwd(), '\\n    at ', 'node_modules/'].find((it) => told.includes(it));
  if (secret !== undefined) throw new Error(`${path} answered ${status} and tells "${secret}": ${text}`);
}

async function ask(url: string, path: string, question: Question = {}): Promise<Reply> {
  const { method = 'GET', body, headers = {} } = question;
  const json = typeof body === 'object' ? { 'Content-Type': 'application/json' } : {};
  const sent = typeof body === 'object' ? JSON.stringify(body) : body;
  // Node leaves it out with GET, and the server would take the body for a second request.
  const length = sent === undefined ? {} : { 'Content-Length': Buffer.byteLength(sent) };
  return new Promise((resolve, reject) => {
    // A connection each: what one test leaves open must not be another's.
    // The path beside the address, and not in it: as part of a URL its dots would be resolved before they are sent.
    const request = httpRequest(url, {
      path,
      method,
      headers: { ...json, ...length, ...headers },
      agent: false,
    });
    request.on('error', reject);
    request.on('response', (response) => readReply(response).then(resolve, reject));
    request.end(sent);
  });
}

async function readReply(response: IncomingMessage): Promise<Reply> {
  const text = (await response.setEncoding('utf8').toArray()).join('');
  const isJson = response.headers['content-type']?.startsWith('application/json');
  return {
    status: response.statusCode as number,
    headers: response.headers,
    text,
    // The answer to HEAD says what it would be, and is nothing.
    json: isJson && text !== '' ? JSON.parse(text) : undefined,
  };
}

/** Puts a model of 12 and 6 months into service, whose binary the API does not read. */
export async function deployTestChampion(home: Home, modelId = 'clv_model_20260101_110000'): Promise<void> {
  await writeTestCandidate(home, modelId);
  await decideOnModel(
    home,
    {
      gate: 'sign-off',
      modelId,
      decision: 'approve',
      approver: 'Test Person',
      note: 'for the test',
      ticket: null,
    },
    { distinctApprovers: false, nowMs: Date.UTC(2026, 0, 1, 11) },
  );
}

/** Works on the next job of the scoring queue with `work`, and on no other. */
export async function workOnce(
  { queues }: TestServer,
  work: (job: Job) => unknown,
  queue: QueueName = 'scoring',
): Promise<void> {
  const worker = new Worker(queue, null, {
    connection: { url: queues.url, maxRetriesPerRequest: null },
    prefix: queues.prefix,
  });
  await worker.waitUntilReady();
  const token = 'test';
  const job = (await worker.getNextJob(token, { block: false })) as Job;
  try {
    await job.moveToCompleted(await work(job), token, false);
  } catch (error) {
    await job.moveToFailed(error as Error, token, false);
  } finally {
    await worker.close();
  }
}
