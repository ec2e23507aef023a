import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** `CLV_BROWSER` names another program. Tests that need one are skipped, visibly, where there is none. */
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

export const browserProgram = process.env.CLV_BROWSER || findProgram();

function findProgram(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A page in a browser without a window. */
export interface Page {
  /** Opens an address; returns when its document is there, which is before its scripts have made anything of it. */
  open(url: string): Promise<void>;
  /** The value of a JavaScript expression in the page, as JSON; of a promise, what it becomes. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression is true, looking at every change of the document. */
  until(expression: string): Promise<void>;
  /** Makes the page as wide as a device, in pixels. */
  resize(width: number): Promise<void>;
  /** The addresses that answered the page. */
  readonly answered: readonly string[];
}

export interface Browser {
  readonly page: Page;
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the protocol has thousands of them
  readonly params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly result?: any;
  readonly error?: { readonly message: string };
}

/** Starts a browser with one empty page, and speaks to it in its own protocol, over a pipe: it needs no library. */
export async function openBrowser(): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'clv-browser-'));
  const browser = spawn(
    String(browserProgram),
    [
      ...[
        '--headless=new',
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
      ],
      ...['--remote-debugging-pipe', `--user-data-dir=${profile}`, '--window-size=1400,1200', 'about:blank'],
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => {
    browser.once('close', () => resolve());
  });
  const answered: string[] = [];
  const send = protocolOf(browser, ended, ({ method, params }) => {
    if (method === 'Network.responseReceived') answered.push(params.response.url);
  });
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  await send('Network.enable', {}, sessionId);
  const evaluate: Page['evaluate'] = async (expression) => {
    const given = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await send('Runtime.evaluate', given, sessionId);
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return result.value;
  };
  return {
    page: {
      answered,
      evaluate,
      open: async (url) => {
        await send('Page.navigate', { url }, sessionId);
      },
      resize: async (width) => {
        const device = { width, height: 800, deviceScaleFactor: 1, mobile: false };
        await send('Emulation.setDeviceMetricsOverride', device, sessionId);
      },
      until: (expression) =>
        evaluate(`new Promise((resolve) => {
          const look = () => (${expression}) && resolve();
          new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
          look();
        })`),
    },
    async close() {
      await send('Browser.close', {}).catch(() => undefined);
      await ended;
      await rm(profile, { recursive: true, force: true });
    },
  };
}

type Send = (method: string, params: object, sessionId?: string) => Promise<NonNullable<Message['result']>>;

/** Sends commands and gives their results; each message ends with a zero byte. */
function protocolOf(browser: ChildProcess, ended: Promise<void>, onEvent: (event: Message) => void): Send {
  const [, , , toBrowser, fromBrowser] = browser.stdio as unknown as [
    unknown,
    unknown,
    unknown,
    Writable,
    Readable,
  ];
  const open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let rest = '';
  fromBrowser.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0');
    rest = messages.pop() as string;
    for (const message of messages.map((it): Message => JSON.parse(it))) {
      if (message.id === undefined) {
        onEvent(message);
        continue;
      }
      const { resolve, reject } = open.get(message.id) ?? { resolve: () => {}, reject: () => {} };
      open.delete(message.id);
      if (message.error === undefined) resolve(message.result);
      else reject(new Error(message.error.message));
    }
  });
  toBrowser.on('error', () => undefined);
  ended.then(() => {
    for (const { reject } of open.values()) reject(new Error('the browser has ended'));
  });
  let last = 0;
  return (method, params, sessionId) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      open.set(id, { resolve, reject });
      toBrowser.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
}
