/** The `<TS>` of file names: `YYYYMMDD_HHMMSS` in UTC. */
export function fileTimestamp(epochMs: number): string {
  const [date, time] = new Date(epochMs).toISOString().split('T');
  return `${date.replaceAll('-', '')}_${time.slice(0, 8).replaceAll(':', '')}`;
}

/** A date as it is written in file names: 2024-08-31 becomes 20240831. */
export function compactDate(date: string): string {
  return date.replaceAll('-', '');
}
