import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelCard } from './modelCard.ts';

interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const HERE = dirname(fileURLToPath(import.meta.url));

/** The version of this program. */
export async function programVersion(): Promise<string> {
  return (await packageFile(await programRoot(HERE))).version;
}

/** The versions of this program, of Node, and of the libraries that are installed for it. */
export async function programVersions(): Promise<NonNullable<ModelCard['versions']>> {
  const root = await programRoot(HERE);
  const { version, dependencies = {} } = await packageFile(root);
  const libraries = await Promise.all(
    Object.keys(dependencies).map(async (name) => {
      const found = await packageFile(`${root}/node_modules/${name}`).catch(() => null);
      return [name, found?.version ?? 'unknown'] as const;
    }),
  );
  return { clv: version, node: process.versions.node, libraries: Object.fromEntries(libraries) };
}

/** The nearest folder above with a package.json, because compiled code lies one level deeper than its source. */
async function programRoot(folder: string): Promise<string> {
  return packageFile(folder).then(
    () => folder,
    (error) => {
      if (dirname(folder) === folder) throw error;
      return programRoot(dirname(folder));
    },
  );
}

async function packageFile(folder: string): Promise<PackageFile> {
  return JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
}
