/** The address of a model, relative to this server. */
export function modelUrl(modelId: string): string {
  return `/api/models/${encodeURIComponent(modelId)}`;
}
