import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { isIsoDate, isTimezone } from '../domain/calendar/dates.ts';
import { MOST_HISTORY_MONTHS, MOST_PRED_MONTHS } from '../domain/calendar/windowLimits.ts';

/** Parsers of option values; each says in its error what the value must be. */
export function dateOption(text: string): string {
  if (!isIsoDate(text))
    throw new InvalidArgumentError('It must be a calendar date written YYYY-MM-DD, for example 2024-08-31.');
  return text;
}

/** The name of a time zone. */
export function timezoneOption(text: string): string {
  if (!isTimezone(text))
    throw new InvalidArgumentError('It must be an IANA time zone, for example Europe/Berlin.');
  return text;
}

/** How many of something, at least one. */
export function countOption(text: string): number {
  return wholeNumber(text, 1, Number.MAX_SAFE_INTEGER, 'from 1');
}

/** Nobody's orders reach further, and the calendar of computers does end. */
const MOST_MONTHS = 1200;

/** A number of months that no model is bound to. */
export function monthsOption(text: string): number {
  return wholeNumber(text, 1, MOST_MONTHS, `from 1 to ${MOST_MONTHS}`);
}

/** Months of history that a model is trained on. */
export function historyMonthsOption(text: string): number {
  return wholeNumber(text, 1, MOST_HISTORY_MONTHS, `from 1 to ${MOST_HISTORY_MONTHS}`);
}

/** Months that a model predicts. */
export function predMonthsOption(text: string): number {
  return wholeNumber(text, 1, MOST_PRED_MONTHS, `from 1 to ${MOST_PRED_MONTHS}`);
}

/** The rolling origins of a search. */
export function foldsOption(text: string): number {
  return wholeNumber(text, 2, 24, 'from 2 to 24');
}

/** A port to listen on. */
export function portOption(text: string): number {
  return wholeNumber(text, 1, 65_535, 'from 1 to 65535');
}

function wholeNumber(text: string, least: number, most: number, range: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
  return value;
}

/** A list with commas of what `option` reads; it is tried value by value, so there are not many. */
export function listOption(option: (text: string) => number): (text: string) => number[] {
  return (text) => {
    const values = text.split(',').map(option);
    if (values.length > 24) throw new InvalidArgumentError('It must be 24 values at most.');
    return values;
  };
}

/** Somebody's name. */
export function nameOption(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must be a name.');
  if (text.startsWith('-')) throw new InvalidArgumentError('It must be a name, and this is an option.');
  return text.trim();
}

/** Any finite number. */
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
