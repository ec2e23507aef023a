/** Something that Redis and the files do not agree about. */
export interface Difference {
  /** A stable word for machine readers. */
  readonly kind: string;
  /** What differs, and what is done about it, in a sentence. */
  readonly says: string;
  readonly values: Readonly<Record<string, unknown>>;
  mend(): Promise<void>;
}
