import { type RankedSummary, type ReportedFile, summariseRanked } from '../../artefacts/run/rankedSummary.ts';

let last: { readonly key: string; readonly summary: Promise<RankedSummary> } | null = null;

/**
 * The summary of a ranked file; the one that was asked for last is kept. Its key is the checksum in the run report, so
 * that a run that is scored again is read again. Requests at one moment share one reading. Throws
 * RankedFileUnreadableError.
 */
export function summaryOf(outputs: string, file: ReportedFile): Promise<RankedSummary> {
  const key = `${outputs}/${file.file} ${file.sha256}`;
  if (last?.key === key) return last.summary;
  const summary = summariseRanked(outputs, file);
  const entry = { key, summary };
  last = entry;
  summary.catch(() => {
    // The next request tries again: the file may be back.
    if (last === entry) last = null;
  });
  return summary;
}
