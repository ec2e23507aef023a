import { type Command, Option } from 'commander';
import pino, { type Logger } from 'pino';
import { type Home, homeAt } from '../config/home.ts';
import { givenHomeId } from '../config/homeId.ts';
import { ClvError } from '../domain/errors.ts';
import { errorInLog } from './errorInLog.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** What every command is given. */
export interface CommandContext {
  readonly home: Home;
  readonly terminal: Terminal;
  readonly log: Logger;
}

interface CommonOptions {
  readonly home: string;
  readonly json?: boolean;
}

/** Adds the options that every command has. */
export function withCommonOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--home <dir>', 'folder that holds config/, models/ and outputs/')
        .env('CLV_HOME')
        .default('.'),
    )
    .option('--json', 'print the result as JSON on stdout');
}

/**
 * The context of a command. @param level what of the log is shown where `CLV_LOG_LEVEL` does not say: commands that
 * people watch show errors only, on stderr; servers (`info`) tell everything, on stdout.
 */
export function contextOf(
  options: CommonOptions,
  level: 'fatal' | 'error' | 'info' = 'error',
): CommandContext {
  const isServer = level === 'info';
  return {
    home: homeAt(options.home, givenHomeId(process.env)),
    terminal: openTerminal({ isJson: options.json ?? false }),
    log: pino(
      { name: 'clv', level: logLevel() ?? level, serializers: { err: errorInLog } },
      pino.destination(isServer ? 1 : 2),
    ),
  };
}

/** The level that `CLV_LOG_LEVEL` asks for. Throws ClvError where there is none of that name. */
function logLevel(): string | undefined {
  const level = process.env.CLV_LOG_LEVEL || undefined;
  const known = [...Object.keys(pino.levels.values), 'silent'];
  if (level === undefined || known.includes(level)) return level;
  throw new ClvError(
    'LOG_LEVEL_UNKNOWN',
    `CLV_LOG_LEVEL is ${JSON.stringify(level)}, which is no level of the log.`,
    {
      remedy: `Set it to one of ${known.join(', ')}, or not at all.`,
    },
  );
}
