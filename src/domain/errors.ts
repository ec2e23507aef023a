/** What an error carries besides its sentence. */
export interface ErrorDetails {
  /** What the person should do next, as an instruction. */
  readonly remedy?: string;
  /** The offending values, for the log and for machine readers. */
  readonly values?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * Base of every error that a person is meant to read: a stable `code`, a sentence that says what happened and where,
 * and a remedy. The cause is in the input or in the state of the home, so trying again does not help, except for
 * TransientError.
 */
export class ClvError extends Error {
  readonly code: string;
  readonly remedy: string | undefined;
  readonly values: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.remedy = details.remedy;
    this.values = details.values ?? {};
  }

  /** The sentence and the remedy, as they are shown in a terminal, a job's failure reason and an API answer. */
  toSentences(): string {
    return this.remedy === undefined ? this.message : `${this.message}\n${this.remedy}`;
  }
}

/**
 * The cause lies outside and may pass by itself (a full disk, orders that have not arrived), so a job is tried again.
 */
export class TransientError extends ClvError {}
