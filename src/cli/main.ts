#!/usr/bin/env node
import { Command } from 'commander';
import { asRedisAway } from '../../queues/redisAwayError.ts';
import { addCommands } from './commands.ts';
import { asSentence } from './systemFailure.ts';
import { reportFailure, tolerateClosedPipes } from './terminal.ts';

const program = new Command('clv').description(
  'Predicts what each customer of a shop will spend in the coming months.',
);

tolerateClosedPipes();
try {
  await addCommands(program, process.argv[2]);
  await program.parseAsync();
} catch (error) {
  reportFailure(asSentence(asRedisAway(error)), process.argv.includes('--json'));
  process.exitCode = 1;
}
