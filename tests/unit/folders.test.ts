import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const FOLDERS = ['src', 'queues', 'workers', 'web'];

/** Which folder imports from which, an import from a folder above or below left out: a folder may be made of its parts. */
function arrowsBetweenFolders(): Map<string, Set<string>> {
  const arrows = new Map<string, Set<string>>();
  const isWithin = (inner: string, outer: string): boolean => `${inner}/`.startsWith(`${outer}/`);
  for (const top of FOLDERS)
    for (const name of readdirSync(top, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const from = dirname(`${top}/${name}`);
      const found = arrows.get(from) ?? new Set();
      for (const [, path] of readFileSync(`${top}/${name}`, 'utf8').matchAll(/ from '(\.[^']+)'/g)) {
        const to = dirname(join(from, path));
        if (!isWithin(from, to) && !isWithin(to, from)) found.add(to);
      }
      arrows.set(from, found);
    }
  return arrows;
}

/** The first circle that is found, as the folders along it; null where there is none. */
function circleIn(arrows: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const done = new Set<string>();
  const follow = (folder: string, path: readonly string[]): string[] | null => {
    if (path.includes(folder)) return [...path.slice(path.indexOf(folder)), folder];
    if (done.has(folder)) return null;
    for (const next of arrows.get(folder) ?? []) {
      const circle = follow(next, [...path, folder]);
      if (circle !== null) return circle;
    }
    done.add(folder);
    return null;
  };
  for (const folder of arrows.keys()) {
    const circle = follow(folder, []);
    if (circle !== null) return circle;
  }
  return null;
}

test('folders side by side do not need each other in a circle', () => {
  const arrows = arrowsBetweenFolders();
  expect([...arrows.values()].reduce((sum, to) => sum + to.size, 0)).toBeGreaterThan(100);
  expect(circleIn(arrows)).toBeNull();
});

test('a circle would be found', () => {
  const circle = new Map([
    ['a', new Set(['b'])],
    ['b', new Set(['c', 'd'])],
    ['d', new Set(['b'])],
  ]);
  expect(circleIn(circle)).toEqual(['b', 'd', 'b']);
});
