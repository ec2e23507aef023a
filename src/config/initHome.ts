import { access } from 'node:fs/promises';
import { makeFolder } from '../artefacts/files/makeFolder.ts';
import { replaceFile } from '../artefacts/files/replaceFile.ts';
import type { Home } from './home.ts';
import { CONFIG_TEMPLATE } from './template.ts';

/** Makes the folders of a home, and a commented config if there is none; returns whether a config was written. */
export async function initHome(home: Home): Promise<boolean> {
  await Promise.all([home.models, home.outputs].map((folder) => makeFolder(folder)));
  const isThere = await access(home.configFile).then(
    () => true,
    () => false,
  );
  if (!isThere) await replaceFile(home.configFile, CONFIG_TEMPLATE);
  return !isThere;
}
