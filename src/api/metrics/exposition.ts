/** One measured value and what tells it from its neighbours. */
export interface Sample {
  /** Added to the name of the metric: `_bucket`, `_sum` and `_count` of a histogram. */
  readonly suffix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with all its samples. */
export interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  /** What it measures, in a sentence, with its unit. */
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** What the text is sent as. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Metrics in Prometheus' text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). A metric
 * without samples is left out: nothing is known of it.
 */
export function renderMetrics(metrics: readonly Metric[]): string {
  const lines = metrics
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, type, help, samples }) => [
      `# HELP ${name} ${escaped(help)}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(
        ({ suffix = '', labels = {}, value }) =>
          `${name}${suffix}${renderLabels(labels)} ${renderValue(value)}`,
      ),
    ]);
  return `${lines.join('\n')}\n`;
}

function renderLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** A line must not end, and a backslash must not begin an escape, before its time. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function renderValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

/** A gauge with one value; without samples where that is not known. */
export function gauge(name: string, help: string, value: number | null | undefined): Metric {
  return { name, type: 'gauge', help, samples: value === null || value === undefined ? [] : [{ value }] };
}
