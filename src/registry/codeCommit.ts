import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The commit of the running program: `CLV_CODE_COMMIT` where a container image sets it, else the commit that git
 * reports for the folder of the program, with `+changes` where files differ from it, else `unknown`.
 *
 * @param cwd the folder of the program.
 */
export async function codeCommit(
  env: NodeJS.ProcessEnv,
  cwd = dirname(fileURLToPath(import.meta.url)),
): Promise<string> {
  if (env.CLV_CODE_COMMIT) return env.CLV_CODE_COMMIT;
  try {
    const { stdout: commit } = await run('git', ['rev-parse', 'HEAD'], { cwd });
    const { stdout: changes } = await run('git', ['status', '--porcelain', '--untracked-files=no'], { cwd });
    return commit.trim() + (changes.trim() === '' ? '' : '+changes');
  } catch {
    return 'unknown';
  }
}
