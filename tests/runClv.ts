import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** How a command ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the compiled command in a home, as a person would. */
export async function runClv(where: { redisUrl: string; home: string }, args: string[]): Promise<Outcome> {
  const env = { ...process.env, REDIS_URL: where.redisUrl, CLV_HOME: where.home };
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['dist/src/cli/main.js', ...args],
      { env },
    );
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome;
    return { code, stdout, stderr };
  }
}
