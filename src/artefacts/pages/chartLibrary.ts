import { createRequire } from 'node:module';

/**
 * The library that draws charts, loaded when needed: it would slow the start of every command. Its one file for `require`
 * is read in a sixth of the time that an import of its five hundred modules takes.
 */
export function loadChartLibrary(): typeof import('echarts') {
  return createRequire(import.meta.url)('echarts');
}
