/** One file of orders and how it is read. */
export interface SourceFile {
  readonly path: string;
  /** Its path below the folder that all files share. */
  readonly name: string;
  readonly kind: 'csv' | 'ndjson' | 'parquet';
  readonly isGzipped: boolean;
  readonly bytes: number;
}
