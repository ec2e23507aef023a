/** Something in which Redis differs from the files. */
export interface Difference {
  /** A stable word for machine readers. */
  readonly kind: string;
  /** A sentence that says what differs, and what is done about it. */
  readonly says: string;
  readonly values: Readonly<Record<string, unknown>>;
  mend(): Promise<void>;
}
