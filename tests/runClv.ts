import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** How a command ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the compiled command in a home, as a person would; further variables are set as they are named. */
export async function runClv(
  {
    redisUrl,
    home,
    ...variables
  }: { redisUrl: string; home: string; CLV_LOG_LEVEL?: string; CLV_HOME_ID?: string },
  args: string[],
): Promise<Outcome> {
  const env = { ...process.env, REDIS_URL: redisUrl, CLV_HOME: home, ...variables };
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
