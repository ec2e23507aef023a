/** The failed jobs of a queue on the board. */
export function failedJobsUrl(queue: string): string {
  return `/queues/queue/${encodeURIComponent(queue)}?status=failed`;
}
