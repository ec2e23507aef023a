import { readFileSync, writeFileSync } from 'node:fs';
import { compileKernel } from './compile.mjs';

const root = new URL('../', import.meta.url);
const source = readFileSync(new URL('kernels/forest.ts', root), 'utf8');
writeFileSync(new URL('src/domain/forest/kernel/kernelBytes.ts', root), await compileKernel(source));
