import { Temporal } from 'temporal-polyfill';
import { ClvError } from '../errors.ts';

/** A change of behaviour that is planted in the shop. */
export interface PlantedChange {
  /** `YYYY-MM-DD`: the first day of the changed behaviour. */
  readonly at: string;
  /** Every customer's order rate is multiplied by this from that day on; 1 changes nothing. */
  readonly factor: number;
}

/** The window over which each customer's true expected revenue is computed. */
export interface TruthWindow {
  /** `YYYY-MM-DD`: the first day of the window; orders before it are history. After `start`, at most `end`. */
  readonly cutoff: string;
  /** Length of the window in months; it may reach beyond the shop's end. */
  readonly predMonths: number;
}

/**
 * Everything that the data of the practice shop depends on, except for the number of customers (`simulateCustomer`).
 */
export interface ShopOptions {
  readonly seed: number;
  /** Length of the shop's history in months. */
  readonly months: number;
  /** `YYYY-MM-DD`: the first day after the shop's last; the shop begins `months` before it. */
  readonly end: string;
  readonly change?: PlantedChange;
  /** How strong Christmas and the summer are, 0 (every day of the year alike) to 2; 1 where nothing is said. */
  readonly season?: number;
  readonly truth?: TruthWindow;
}

/** An option of the practice shop that cannot be used. */
export class InvalidSampleOptionError extends ClvError {
  constructor(option: string, requirement: string, value: unknown) {
    super(
      'INVALID_SAMPLE_OPTION',
      `The sample option "${asWritten(option)}" must be ${requirement}; it is ${show(value)}.`,
      {
        remedy: `Give ${asWritten(option)} another value and run the command again.`,
        values: { option, value },
      },
    );
  }
}

/** `dirty-share` for `dirtyShare`: the option as a person writes it. */
function asWritten(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function show(value: unknown): string {
  if (value === undefined) return 'not given';
  return typeof value === 'string' ? `"${value}"` : String(value);
}

/** Throws InvalidSampleOptionError unless `value` is an integer from `least` to `most`. */
export function requireInteger(option: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new InvalidSampleOptionError(option, `a whole number from ${least} to ${most}`, value);
}

/** Throws InvalidSampleOptionError unless `value` is a number from `least` to `most`. */
export function requireNumber(option: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new InvalidSampleOptionError(option, `a number from ${least} to ${most}`, value);
}

/** The date of a `YYYY-MM-DD` text; throws InvalidSampleOptionError for anything else. */
export function requireDate(option: string, value: string): Temporal.PlainDate {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return Temporal.PlainDate.from(value);
  } catch {
    // The month has no such day: the error is the same as for any other text.
  }
  throw new InvalidSampleOptionError(option, 'a date written as YYYY-MM-DD', value);
}
