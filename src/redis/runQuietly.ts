import { spawn } from 'node:child_process';
import type { Environment } from './findServerProgram.ts';

/** A command that has not ended after this time is stopped. */
const PATIENCE_MS = 5 * 60_000;

/** Runs a command without input and without showing its output; returns whether it succeeded. */
export async function runQuietly(command: readonly string[], env: Environment): Promise<boolean> {
  const [program, ...words] = command;
  return new Promise((resolve) => {
    const child = spawn(program!, words, { env: { ...env }, stdio: 'ignore', timeout: PATIENCE_MS });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
