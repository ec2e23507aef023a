import { expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/loadConfig.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { CONFIG_TEMPLATE } from '../../../src/config/template.ts';

const problemsOf = (text: string): string => {
  try {
    parseConfig(text, 'config.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  return 'no problem';
};

test('the fresh config shows every key with its default', () => {
  expect(parseConfig(CONFIG_TEMPLATE, 'config.yaml')).toEqual(configSchema.parse({}));
  const keys = (value: unknown): string[] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, inner]) => [key, ...keys(inner)])
      : [];
  for (const key of keys(configSchema.parse({})))
    expect(CONFIG_TEMPLATE).toMatch(new RegExp(`^ *${key}:`, 'm'));
});

test('every leaf of the fresh config has a comment above it or above its group', () => {
  const lines = CONFIG_TEMPLATE.split('\n');
  const columns = /^ {4}(customer_id|order_date|order_id|revenue):/;
  lines.forEach((line, i) => {
    if (/^ +[a-z_]+: \S/.test(line) && !columns.test(line)) expect(lines[i - 1], line).toMatch(/^ +#/);
  });
});

test('an unknown key is an error with its line, its path and the closest key', () => {
  expect(problemsOf('general:\n  timezone: UTC\ndata:\n  order: x.csv\n')).toContain(
    'line 4: data.order is not a known key (did you mean orders?)',
  );
});

test('a wrong type and an impossible value are errors with their lines, all at once', () => {
  const text =
    'modeling:\n  pred_months: six\n  forest:\n    trees: 0\nrun:\n  last_score_cutoff: 2024-02-30\n';
  const problems = problemsOf(text);
  expect(problems).toContain('line 2: modeling.pred_months is "six"');
  expect(problems).toContain('line 4: modeling.forest.trees is 0');
  expect(problems).toContain(
    'line 6: run.last_score_cutoff is "2024-02-30"; it is not a calendar date written YYYY-MM-DD',
  );
});

test('an unknown feature is an error with its line and the closest name', () => {
  expect(problemsOf('modeling:\n  seed: 1\n  features:\n    - base\n    - recnt\n')).toContain(
    'line 5: modeling.features.1 is "recnt"; it is neither a feature nor a group of features (did you mean recent?)',
  );
  expect(problemsOf('modeling:\n  features: [base, gap_trend, lifetime]\n')).toBe('no problem');
});

test.each(['+03:00', '-0300', '2024-01-01T00:00Z', 'GMT+3', 'Mars/Olympus'])(
  'the time zone %j is none by name and refused',
  (name) => {
    expect(problemsOf(`general:\n  timezone: "${name}"\n`)).toContain(
      `line 2: general.timezone is "${name}"; it is not an IANA time zone`,
    );
  },
);

test.each(['UTC', 'America/Sao_Paulo', 'Etc/GMT+3', 'EST5EDT'])('the time zone %j is one', (name) => {
  expect(problemsOf(`general:\n  timezone: ${name}\n`)).toBe('no problem');
});

test('tiers whose bounds do not rise, or leave somebody out, are refused', () => {
  const tiers = (bounds: number[]) =>
    `segments:\n  tiers:\n${bounds.map((b) => `    - { label: T${b}, up_to: ${b} }`).join('\n')}\n`;
  expect(problemsOf(tiers([0.5, 0.1, 1]))).toContain('bounds that do not rise');
  expect(problemsOf(tiers([0.1, 0.5]))).toContain('some customers would have no tier');
});

test('two tiers of one label are refused', () => {
  const tiers = 'segments:\n  tiers:\n    - { label: Rest, up_to: 0.5 }\n    - { label: Rest, up_to: 1 }\n';
  expect(problemsOf(tiers)).toContain('line 2: segments.tiers; it has a label twice');
});

test('text that is not YAML is an error with its line', () => {
  expect(problemsOf('general:\n  timezone: [UTC\n')).toMatch(/line \d+: /);
});

test('lines without an order id to sum them by are refused', () => {
  expect(problemsOf('data:\n  grain: line\n  columns:\n    order_id: null\n')).toContain(
    'line 4: data.columns.order_id',
  );
});

test('a cap of labels is refused with an engine that does not know it', () => {
  const config = (engine: string) => `modeling:\n  engine: ${engine}\n  winsorise: 0.99\n`;
  expect(problemsOf(config('forest'))).toContain('line 3: modeling.winsorise');
  expect(problemsOf(config('tournament'))).toBe('no problem');
});

test('what is to be expected of a change of level is refused with an engine that looks for none', () => {
  const config = (engine: string) => `modeling:\n  engine: ${engine}\n  level_shift: passes\n`;
  expect(problemsOf(config('forest'))).toContain('line 3: modeling.level_shift');
  expect(problemsOf(config('tournament'))).toBe('no problem');
});

test('a glob that begins with * and has no quotes is an error that says so, and no crash', () => {
  expect(problemsOf('data:\n  orders: *.csv\n')).toContain(
    'line 2: *.csv is an alias to YAML, and nothing has that name; put text that begins with * in quotes: "*.csv"',
  );
});

test('aliases that grow without end are refused as the fault of the file', () => {
  const grow = (name: string, of: string) => `${name}: &${name} [${Array(10).fill(of)}]`;
  const text = [grow('a', '1'), grow('b', '*a'), grow('c', '*b'), grow('d', '*c')].join('\n');
  expect(problemsOf(text)).toMatch(/^config\.yaml cannot be used:\n.*alias/);
});

test('an offset is no time zone', () => {
  expect(problemsOf('general: {timezone: "+02:00"}')).toContain('is not an IANA time zone');
});

test('an encoding is named by any of its usual names, and refused where it is none', () => {
  for (const name of ['null', 'utf-8', 'latin-1', 'Windows-1252', 'UTF-16'])
    expect(problemsOf(`data:\n  encoding: ${name}\n`)).toBe('no problem');
  expect(problemsOf('data:\n  encoding: excel\n')).toContain(
    'line 2: data.encoding is "excel"; it is no text encoding that is known',
  );
});

test('ids that stand for none are text or whole numbers; the YAML word NULL needs quotes', () => {
  expect(problemsOf("data:\n  null_ids: ['NULL', 0, guest]\n")).toBe('no problem');
  expect(parseConfig('data:\n  null_ids: [0]\n', 'config.yaml').data.null_ids).toEqual(['0']);
  expect(problemsOf('data:\n  null_ids: [NULL]\n')).toContain(
    'line 2: data.null_ids.0 is null; Put quotes around it',
  );
});
