/** The address of a search, relative to this server. */
export function searchUrl(searchId: string): string {
  return `/api/grid-searches/${encodeURIComponent(searchId)}`;
}
