/** One file of orders and how it is read. */
export interface SourceFile {
  readonly path: string;
  /** Its path below the folder that all files share. */
  readonly name: string;
  readonly kind: 'csv' | 'ndjson' | 'parquet';
  readonly isGzipped: boolean;
  /** The standard name of the encoding of its text; null is UTF-8. */
  readonly encoding: string | null;
  readonly bytes: number;
}
