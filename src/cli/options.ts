import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { isIsoDate, isTimezone } from '../domain/calendar/dates.ts';

/** Parsers of option values; each says in its error what the value must be. */
export function dateOption(text: string): string {
  if (!isIsoDate(text))
    throw new InvalidArgumentError('It must be a calendar date written YYYY-MM-DD, for example 2024-08-31.');
  return text;
}

export function timezoneOption(text: string): string {
  if (!isTimezone(text))
    throw new InvalidArgumentError('It must be an IANA time zone, for example Europe/Berlin.');
  return text;
}

export function countOption(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

/** Nobody's orders reach further, and the calendar of computers does end. */
const MOST_MONTHS = 1200;

export function monthsOption(text: string): number {
  const value = countOption(text);
  if (value > MOST_MONTHS) throw new InvalidArgumentError(`It must be ${MOST_MONTHS} months at most.`);
  return value;
}

export function numberOption(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

/** `12x6`: months of history and months to predict. */
export function windowOption(text: string): { history_months: number; pred_months: number } {
  const [, history, pred] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (pred === undefined)
    throw new InvalidArgumentError('It must be months of history, x, months to predict, for example 12x6.');
  return { history_months: Number(history), pred_months: Number(pred) };
}

/** A path as the person wrote it is relative to where they are, not to the home. */
export function pathOption(text: string): string {
  return resolve(text);
}

/** A reason that somebody will read later. */
export function noteOption(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must say why, in a few words.');
  return text.trim();
}
