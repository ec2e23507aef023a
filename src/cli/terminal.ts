import { ClvError } from '../domain/errors.ts';

/** How a command talks: steps and sentences to a person on stderr, results to stdout, as text or as JSON. */
export interface Terminal {
  /** One line to a person; nothing with `--json`. */
  say(line?: string): void;
  /** The state of a long step on the last line; in a pipe only when the words change. */
  progress(line: string): void;
  /** Replaces the progress line by a final one. */
  done(line: string): void;
  /** The result: text for a person, or the value as JSON. */
  result(text: string, value: unknown): void;
}

const CLEAR_LINE = '\r\u001b[2K';

/** The terminal that a command was started from. @param isJson whether stdout is for the result as JSON alone. */
export function openTerminal({ isJson }: { readonly isJson: boolean }): Terminal {
  const { stderr, stdout } = process;
  const isLive = stderr.isTTY === true;
  let isProgressShown = false;
  const clear = (): void => {
    if (isProgressShown) stderr.write(CLEAR_LINE);
    isProgressShown = false;
  };
  const say = (line = ''): void => {
    if (isJson) return;
    clear();
    stderr.write(`${line}\n`);
  };
  return {
    say,
    progress(line) {
      if (isJson || !isLive) return;
      const width = (stderr.columns ?? 80) - 1;
      stderr.write(`${CLEAR_LINE}${line.slice(0, width)}`);
      isProgressShown = true;
    },
    done: say,
    result(text, value) {
      clear();
      stdout.write(isJson ? `${JSON.stringify(value, null, 2)}\n` : `${text}\n`);
    },
  };
}

/** Whoever reads the output may have enough of it (`clv … | head`): what runs goes on, and ends as it would have. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Tells a person what went wrong and what to do; a stack only for errors that nobody foresaw. */
export function reportFailure(error: unknown, isJson: boolean): void {
  if (error instanceof ClvError) {
    if (isJson) {
      const { code, message, remedy, values } = error;
      process.stdout.write(`${JSON.stringify({ error: { code, message, remedy, values } }, null, 2)}\n`);
    }
    process.stderr.write(`clv: ${error.toSentences()}\n`);
    return;
  }
  process.stderr.write(`clv: unexpected: ${error instanceof Error ? error.stack : String(error)}\n`);
}
