import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { type Home, homeAt } from '../src/config/home.ts';
import { initHome } from '../src/config/initHome.ts';

/** A home in the system's folder for temporary files; remove it when done. */
export interface TemporaryHome {
  readonly home: Home;
  /** Writes a file below the home; gives its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** Replaces text of the config; throws where it does not occur. */
  configure(from: string, to: string): Promise<void>;
  remove(): Promise<void>;
}

export async function makeHome(): Promise<TemporaryHome> {
  const home = homeAt(await mkdtemp(`${tmpdir()}/clv-home-`));
  await initHome(home);
  return {
    home,
    async write(name, content) {
      await writeFile(`${home.root}/${name}`, content);
      return `${home.root}/${name}`;
    },
    async configure(from, to) {
      const text = await readFile(home.configFile, 'utf8');
      if (!text.includes(from)) throw new Error(`The config has no "${from}".`);
      await writeFile(home.configFile, text.replace(from, to));
    },
    remove: () => rm(home.root, { recursive: true, force: true }),
  };
}
