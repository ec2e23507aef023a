import { ClvError } from '../errors.ts';

/** A purchase history that no model can be fitted to, or that contradicts itself. */
export class BtydInputError extends ClvError {}

/** Stored parameters that are not those of any model that this version can use. */
export class BtydModelError extends ClvError {}
