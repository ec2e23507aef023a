import type { ModelConfig } from '../../config/schema.ts';
import { ClvError, TransientError } from '../../domain/errors.ts';

export type AlertSettings = ModelConfig['monitoring']['alerts'];
export type Environment = Readonly<Record<string, string | undefined>>;

/** A receiver that is too busy or away for the moment; another try may help. */
export class ChannelAwayError extends TransientError {}

/** The receiver does not want the message, and will not want it the next time. */
export class ChannelRefusedError extends ClvError {}

/** The environment of this process lacks a variable that the config names. */
export class SecretMissingError extends ClvError {}

/** How long a receiver may take to answer. */
export const ANSWER_MS = 10_000;

/** The value of an environment variable. Throws SecretMissingError; no error ever holds the value itself. */
export function demandSecret(env: Environment, name: string, key: string): string {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new SecretMissingError(
    'ALERT_SECRET_MISSING',
    `The environment variable ${name}, named by monitoring.alerts.${key}, is not set where the worker runs.`,
    { remedy: `Set ${name} and restart the worker, then retry the job.`, values: { name } },
  );
}
