import pino from 'pino';

/**
 * An error as it stands in the log. The Redis client hangs the whole command on an error: for a login that is the
 * password, for a job a script of many thousand characters. Only the command's name is kept.
 */
export function errorInLog(error: Error): object {
  const told: Record<string, unknown> = { ...pino.stdSerializers.err(error) };
  const { command } = told;
  if (typeof command === 'object' && command !== null && 'name' in command) told.command = command.name;
  return told;
}
