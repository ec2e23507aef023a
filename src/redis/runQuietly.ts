import { spawn } from 'node:child_process';
import type { Environment } from './findServerProgram.ts';

/** A package manager that is still busy after this is not waited for. */
const PATIENCE_MS = 5 * 60_000;

/** Runs a command without input and without showing its output; whether it ended well. */
export async function runQuietly(command: readonly string[], env: Environment): Promise<boolean> {
  const [program, ...words] = command;
  return new Promise((resolve) => {
    const child = spawn(program!, words, { env: { ...env }, stdio: 'ignore', timeout: PATIENCE_MS });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
