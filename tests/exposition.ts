/** A metric as a scraper reads it. */
export interface ParsedMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: { name: string; labels: Record<string, string>; value: number }[];
}

/**
 * Reads Prometheus' text format 0.0.4 by its own rules, character by character where it is quoted. Throws on anything that
 * is not allowed there: a sample before its metric is declared, a metric that is declared twice, an unfinished escape.
 */
export function parseExposition(text: string): ParsedMetric[] {
  if (!text.endsWith('\n')) throw new Error('The last line has no end.');
  const metrics = new Map<string, ParsedMetric>();
  let help: [string, string] | null = null;
  let current: ParsedMetric | null = null;
  for (const line of text.split('\n').filter((it) => it !== '')) {
    const [, keyword, name, rest] = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/s.exec(line) ?? [];
    if (keyword === 'HELP') {
      help = [name, unescaped(rest)];
    } else if (keyword === 'TYPE') {
      if (metrics.has(name)) throw new Error(`${name} is declared twice.`);
      if (help?.[0] !== name) throw new Error(`${name} has no help before its type.`);
      current = { name, type: rest, help: help[1], samples: [] };
      metrics.set(name, current);
    } else {
      const sample = parseSample(line);
      if (current === null || !sample.name.startsWith(current.name)) throw new Error(`Not declared: ${line}`);
      current.samples.push(sample);
    }
  }
  return [...metrics.values()];
}

function parseSample(line: string): ParsedMetric['samples'][number] {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0];
  if (name === undefined) throw new Error(`No name: ${line}`);
  const labels: Record<string, string> = {};
  let at = name.length;
  if (line[at] === '{') {
    at++;
    while (line[at] !== '}') {
      const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="/.exec(line.slice(at));
      if (label === null) throw new Error(`No label at ${at}: ${line}`);
      at += label[0].length;
      let raw = '';
      while (line[at] !== '"') {
        if (at >= line.length) throw new Error(`A label without end: ${line}`);
        raw += line[at] === '\\' ? line[at++] + line[at++] : line[at++];
      }
      at++;
      labels[label[1]] = unescaped(raw, true);
      if (line[at] === ',') at++;
    }
    at++;
  }
  const value = /^ (\S+)$/.exec(line.slice(at))?.[1];
  if (value === undefined) throw new Error(`No value: ${line}`);
  const number = value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value);
  if (Number.isNaN(number) && value !== 'NaN') throw new Error(`No number: ${line}`);
  return { name, labels, value: number };
}

function unescaped(text: string, isLabel = false): string {
  return text.replace(/\\(.)?/gs, (_whole, next: string | undefined) => {
    if (next === 'n') return '\n';
    if (next === '\\' || (isLabel && next === '"')) return next;
    throw new Error(`An escape that there is not: \\${next ?? ''}`);
  });
}
