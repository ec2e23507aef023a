/** The address of a job, relative to this server: it holds behind a proxy as well. */
export function jobUrl(id: string): string {
  return `/api/jobs/${encodeURIComponent(id)}`;
}
