import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createNetServer, type Socket } from 'node:net';

/** What a receiver was sent by HTTP. */
export interface Posted {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A web server that takes every message and answers as it is told. */
export interface HttpReceiver {
  readonly url: string;
  readonly posted: readonly Posted[];
  /** The status of the answers from now on; null for no answer at all. */
  answer(status: number | null): void;
  close(): Promise<void>;
}

export async function startHttpReceiver(): Promise<HttpReceiver> {
  const posted: Posted[] = [];
  let status: number | null = 200;
  const server = createServer(async (request, response) => {
    const body = (await request.setEncoding('utf8').toArray()).join('');
    posted.push({ path: request.url as string, headers: request.headers, body });
    if (status !== null) response.writeHead(status, { Location: '/elsewhere' }).end('thanks');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    posted,
    answer: (next) => {
      status = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A mail server that takes every message, says what it was told, and knows no encryption. */
export interface MailReceiver {
  readonly port: number;
  /** Every line that clients said, in order; the message itself is in `mails`. */
  readonly said: readonly string[];
  readonly mails: readonly string[];
  /** The answer to a command, or to a whole line, from now on, for example `MAIL` to `451 busy`. */
  answer(command: string, line: string): void;
  close(): Promise<void>;
}

/** An answer that goes on and on, a line in a tenth of a second. */
export const ENDLESS = '250-…';

function sayForever(socket: Socket): void {
  const timer = setInterval(() => socket.write('250-still here\r\n'), 100);
  socket.on('close', () => clearInterval(timer));
}

export async function startMailReceiver(): Promise<MailReceiver> {
  const [said, mails, sockets]: [string[], string[], Set<Socket>] = [[], [], new Set()];
  const answers: Record<string, string> = {
    EHLO: '250-listener\r\n250 AUTH PLAIN',
    AUTH: '235 welcome',
    MAIL: '250 fine',
    RCPT: '250 fine',
    DATA: '354 go on',
    QUIT: '221 bye',
  };
  const server = createNetServer((socket) => {
    sockets.add(socket);
    let [pending, isMessage] = ['', false];
    const say = (line: string): void => {
      socket.write(`${line}\r\n`);
    };
    say('220 listener');
    socket.on('error', () => undefined);
    socket.setEncoding('utf8').on('data', (text: string) => {
      pending += text;
      for (;;) {
        const end = pending.indexOf(isMessage ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const part = pending.slice(0, end);
        pending = pending.slice(end + (isMessage ? 5 : 2));
        if (isMessage) {
          mails.push(part);
          say('250 taken');
          isMessage = false;
          continue;
        }
        said.push(part);
        const answer = answers[part] ?? answers[part.slice(0, 4).toUpperCase()] ?? '502 what?';
        isMessage = answer.startsWith('354');
        if (answer === ENDLESS) sayForever(socket);
        else say(answer);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    said,
    mails,
    answer: (command, line) => {
      answers[command] = line;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
