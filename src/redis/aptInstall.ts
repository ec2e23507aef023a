import { type Environment, onPath } from './findServerProgram.ts';
import { runQuietly } from './runQuietly.ts';

/** Options by which apt waits for another package manager that is busy, and gives up if there is no network. */
export const PATIENT_APT: readonly string[] = [
  '-o',
  'DPkg::Lock::Timeout=120',
  '-o',
  'Acquire::Retries=1',
  '-o',
  'Acquire::http::Timeout=20',
  '-o',
  'Acquire::https::Timeout=20',
];

/** Settings that keep apt and its hooks from asking questions. */
const UNATTENDED = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1' };

/**
 * Installs a package of the distribution, as root or by a sudo that asks for no password; returns false if neither is
 * available or no attempt succeeds. The package lists are fetched only if the first attempt fails.
 */
export async function aptInstall(packageName: string, env: Environment): Promise<boolean> {
  const aptGet = onPath('apt-get', env);
  if (aptGet === undefined) return false;
  const prefix = await rootPrefix(env);
  if (prefix === undefined) return false;
  const settings = Object.entries({
    ...UNATTENDED,
    // dpkg needs the administrator's folders, which a plain `su` leaves out.
    PATH: `${env.PATH}:/usr/local/sbin:/usr/sbin:/sbin`,
  }).map(([name, value]) => `${name}=${value}`);
  const apt = (...words: string[]) =>
    runQuietly([...prefix, 'env', ...settings, aptGet, ...PATIENT_APT, ...words], env);
  const install = () => apt('install', '-y', '-qq', '--no-install-recommends', packageName);
  if (await install()) return true;
  // The update fails if one of several sources is broken, but the package may be known now all the same.
  await apt('update', '-qq');
  return install();
}

/** The words before a command that needs root: none as root, or sudo; undefined if neither is possible. */
async function rootPrefix(env: Environment): Promise<string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  const sudo = onPath('sudo', env);
  if (sudo === undefined) return undefined;
  return (await runQuietly([sudo, '-n', 'true'], env)) ? [sudo, '-n'] : undefined;
}
