import { expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/loadConfig.ts';

test.each([
  ['modeling:\n  pred_months: -3\n', 'line 2: modeling.pred_months is -3; it must be at least 1'],
  ['schedule:\n  hour: 24\n', 'line 2: schedule.hour is 24; it must be at most 23'],
  ['modeling:\n  winsorise: 0.5\n', 'line 2: modeling.winsorise is 0.5; it must be more than 0.5'],
  ['modeling:\n  seed: many\n', 'line 2: modeling.seed is "many"; it must be a number'],
  ['modeling:\n  seed: 1.5\n', 'line 2: modeling.seed is 1.5; it must be a whole number'],
  [
    'modeling:\n  force_engine: maybe\n',
    'line 2: modeling.force_engine is "maybe"; it must be true or false',
  ],
  ['modeling:\n  engine: forrest\n', 'it must be one of tournament, forest, ml-random-forest'],
  ['data:\n  date_format: "%"\n', 'it must have at least 2 characters'],
  ['data: 5\n', 'line 1: data is 5; it must be a group of keys'],
  ['general:\n\ttimezone: UTC\n', 'line 2: Tabs are not allowed as indentation\n'],
  ['general:\n  timezone: UTC\n  timezone: CET\n', 'line 3: Map keys must be unique\n'],
])('what is wrong in %j is said in plain words', (text, says) => {
  let said = '';
  try {
    parseConfig(text, 'model_config.yaml');
  } catch (error) {
    said = `${(error as Error).message}\n`;
  }
  expect(said).toContain(says);
});
