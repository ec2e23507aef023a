import type { ModelConfig } from '../../config/schema.ts';
import { ClvError, TransientError } from '../../domain/errors.ts';

/** The channels of the config; null for each that is not set up. */
export type AlertSettings = ModelConfig['monitoring']['alerts'];
/** The environment variables of a process, which hold the secrets of channels. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The receiver is busy or away at the moment; another attempt may help. */
export class ChannelAwayError extends TransientError {}

/** The receiver refuses the message, and another attempt would not help. */
export class ChannelRefusedError extends ClvError {}

/** The environment of this process lacks a variable that the config names. */
export class SecretMissingError extends ClvError {}

/** How long a receiver may take to answer. */
export const ANSWER_MS = 10_000;

/** The value of an environment variable. Throws SecretMissingError; no error ever contains the value itself. */
export function demandSecret(env: Environment, name: string, key: string): string {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new SecretMissingError(
    'ALERT_SECRET_MISSING',
    `The environment variable ${name}, named by monitoring.alerts.${key}, is not set where the worker runs.`,
    { remedy: `Set ${name} and restart the worker, then retry the job.`, values: { name } },
  );
}
