/**
 * Names in package-lock.json every optional package that the installed ones ask for.
 *
 * Native packages list one optional package for each platform. A registry mirror that does not carry them all makes
 * `npm install` leave some out of the lock file, and `npm ci` then refuses the lock as incomplete. Run this after every
 * `npm install` (it is `npm run lock`); it changes nothing where nothing is missing.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const PLATFORM =
  /(darwin|linux|win32|android|freebsd|netbsd|openbsd|sunos|aix|openharmony)(?:-?(arm64|x64|arm|ia32|s390x|ppc64|riscv64|loong64))?/;

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const isLocked = (name, parent) =>
  Object.keys(lock.packages).some(
    (path) => path === `node_modules/${name}` || path === `${parent}/node_modules/${name}`,
  );

const missing = {};
for (const [parent, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(name, parent)) continue;
    const [, os, cpu] = PLATFORM.exec(name) ?? [];
    missing[`node_modules/${name}`] = {
      version: range.replace(/^[\^~=]/, ''),
      ...(cpu && { cpu: [cpu] }),
      ...(entry.dev && { dev: true }),
      ...(name.includes('musl') && { libc: ['musl'] }),
      optional: true,
      ...(os && { os: [os] }),
    };
  }
}
const names = Object.keys(missing);
if (names.length > 0) {
  const sorted = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(
    'package-lock.json',
    `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`,
  );
}
console.log(
  names.length === 0 ? 'package-lock.json is complete.' : `Added to package-lock.json: ${names.join(', ')}`,
);
