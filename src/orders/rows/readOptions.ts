import type { SourceFile } from '../files/sourceFile.ts';

/** Folders named like `year=2024` are no columns: what is in the file counts. */
export const NO_PARTITIONS = 'hive_partitioning = false';

/**
 * Says whether text is packed, because DuckDB would tell by an ending in small letters.
 *
 * @param path of the file, or of a copy of its text, which is never packed.
 */
export function compressionOf(file: SourceFile, path: string): string {
  return `compression = '${file.isGzipped && path === file.path ? 'gzip' : 'none'}'`;
}
