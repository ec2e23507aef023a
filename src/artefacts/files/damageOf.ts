import { z } from 'zod';

/** More of them help nobody to see what happened to a file. */
const NAMED = 3;

/** What is wrong with a file that could not be read as JSON of its shape; words that follow a colon, without a full stop. */
export function damageOf(cause: unknown): string {
  if (!(cause instanceof z.ZodError)) return (cause as Error).message;
  const parts = cause.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  const more = parts.length > NAMED ? [`and ${parts.length - NAMED} more`] : [];
  return [...parts.slice(0, NAMED), ...more].join('; ');
}
