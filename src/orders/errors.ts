import { ClvError, TransientError } from '../domain/errors.ts';

/** The files of the orders cannot be read: they are missing, empty, cut short, or of an unknown kind. */
export class OrdersSourceError extends ClvError {}

/** A file was changed while it was being read; once its export is complete, it can be read. */
export class OrdersChangedError extends TransientError {}

/** A file was read, but lacks a column that is needed. */
export class OrdersColumnError extends ClvError {}

/** More rows than `data.max_reject_share` allows cannot be used. */
export class OrdersRejectedError extends ClvError {}

/** Dates are written in more than one way, or in a way that has to be named in the config. */
export class DateFormatError extends ClvError {}

/** Amounts are written in more than one way, in one that could be read in two, or in more than one currency. */
export class AmountFormatError extends ClvError {}
