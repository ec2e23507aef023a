import type { z } from 'zod';

/** An answer; the body is sent as JSON, bytes as they are, undefined as no body at all. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an answer of one status is like: JSON, bytes, or, with neither, no body. */
export interface AnswerDeclaration {
  readonly description: string;
  /** The body, which is sent as JSON. */
  readonly body?: z.ZodType;
  /** The media types of a body that is sent as it is. */
  readonly bytes?: readonly string[];
  /** The headers that tell something of the matter, by name; what each is for. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answers of a route that are no errors, by status. */
export type AnswerDeclarations = Readonly<Record<number, AnswerDeclaration>>;

/** One of the answers that a route declares. */
export type AnswerAsDeclared<Answers extends AnswerDeclarations> = {
  [Status in keyof Answers & number]: {
    readonly status: Status;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
  } & BodyOf<Answers[Status]> &
    HeadersOf<Answers[Status]>;
}[keyof Answers & number];

type BodyOf<Declared extends AnswerDeclaration> = Declared extends { readonly body: infer Body }
  ? { readonly body: z.output<Body> }
  : Declared extends { readonly bytes: readonly string[] }
    ? { readonly body: Buffer; readonly headers: { readonly 'Content-Type': string } }
    : { readonly body?: undefined };

type HeadersOf<Declared extends AnswerDeclaration> = Declared extends { readonly headers: infer Headers }
  ? { readonly headers: { readonly [Name in keyof Headers]: string } }
  : unknown;
