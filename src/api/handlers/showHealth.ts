import type { Answer } from '../route.ts';

/** The server answers, so it is up; whether it can work is told by `/readyz`. */
export async function showHealth(): Promise<Answer> {
  return { status: 200, body: { status: 'up' } };
}
