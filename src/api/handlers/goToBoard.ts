import type { Answer } from '../route.ts';

/** Whoever types the server's address into a browser finds the board. */
export async function goToBoard(): Promise<Answer> {
  return { status: 302, headers: { Location: '/queues' } };
}
