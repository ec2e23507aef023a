#!/usr/bin/env node
import { Command, Help } from 'commander';
import { asRedisAway } from '../../queues/redisAwayError.ts';
import { programVersion } from '../registry/programVersions.ts';
import { addCommands } from './commands.ts';
import { asSentence } from './systemFailure.ts';
import { reportFailure, tolerateClosedPipes } from './terminal.ts';

const program = new Command('clv')
  .description('Predicts what each customer of a shop will spend in the coming months.')
  .configureHelp({
    optionDescription: (option) =>
      `${new Help().optionDescription(option)}${option.mandatory ? ' (required)' : ''}`,
  });

tolerateClosedPipes();
try {
  program.version(await programVersion(), '-v, --version', 'print the version');
  await addCommands(program, process.argv[2]);
  await program.parseAsync(askedFor(process.argv));
} catch (error) {
  reportFailure(asSentence(asRedisAway(error)), process.argv.includes('--json'));
  process.exitCode = 1;
}

/** The help of a word that is no command is met as the word itself: with what is wrong, and the command that was meant. */
function askedFor(argv: string[]): string[] {
  const [node, file, first, second] = argv;
  const isHelpOfNone =
    first === 'help' && second !== undefined && program.commands.every((it) => it.name() !== second);
  return isHelpOfNone ? [node, file, second] : argv;
}
