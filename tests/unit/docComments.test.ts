import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const FOLDERS = ['src', 'queues', 'workers', 'web'];
const EXPORT = /^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/;

/** A command says what it is to whoever asks for help, in its description. */
const SAYS_IT_ITSELF = /^add\w+Command$/;

/** The exports of a file without a comment of their own right above them. */
function undocumentedIn(path: string): string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line, i) => {
    const name = EXPORT.exec(line)?.[1];
    if (name === undefined || SAYS_IT_ITSELF.test(name)) return [];
    let above = i - 1;
    while (lines[above]?.startsWith('// biome-ignore')) above--;
    return lines[above]?.trimEnd().endsWith('*/') ? [] : [`${path}: ${name}`];
  });
}

test('everything that a file exports says what it is', () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(files.flatMap(undocumentedIn)).toEqual([]);
});
