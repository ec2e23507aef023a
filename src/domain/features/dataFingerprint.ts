import type { IsoDate } from '../calendar/dates.ts';

/** What identifies a set of orders: two sets with the same fingerprint are the same. */
export interface DataFingerprint {
  readonly orders: number;
  readonly customers: number;
  /** Null where there is no order. */
  readonly firstDate: IsoDate | null;
  readonly lastDate: IsoDate | null;
  /** SHA-256 of the orders in canonical form, hexadecimal. */
  readonly sha256: string;
}
