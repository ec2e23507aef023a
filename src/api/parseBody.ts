import type { z } from 'zod';
import { closestName } from '../domain/words/closestName.ts';
import { type Problem, RequestInvalidError } from './errors/errors.ts';

/** The body as the schema has it; none at all counts as `{}`. Throws RequestInvalidError with every problem. */
export function parseBody<Shape extends z.ZodObject>(schema: Shape, body: unknown): z.output<Shape> {
  const result = schema.safeParse(body === undefined ? {} : body);
  if (result.success) return result.data;
  throw new RequestInvalidError(
    result.error.issues.flatMap((issue) => problemsOf(issue, Object.keys(schema.shape))),
    result.error,
  );
}

function problemsOf(issue: z.core.$ZodIssue, known: readonly string[]): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const closest = closestName(key, known);
      const hint = closest === null ? `known: ${known.join(', ')}` : `did you mean ${closest}?`;
      const isTop = issue.path.length === 0;
      return {
        path: [...issue.path, key].join('.'),
        message: isTop ? `is not a known key (${hint})` : 'is not a known key',
      };
    });
  }
  const path = issue.path.length === 0 ? 'body' : issue.path.join('.');
  if (issue.code === 'invalid_type')
    return [{ path, message: `is not ${ARTICLE[issue.expected] ?? issue.expected}` }];
  return [{ path, message: issue.message }];
}

const ARTICLE: Readonly<Record<string, string>> = {
  object: 'a JSON object',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
};
