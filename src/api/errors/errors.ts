import { maxHeaderSize } from 'node:http';
import { ClvError } from '../../domain/errors.ts';

/** One thing that is wrong with a request: where, and what. */
export interface Problem {
  /** The key's path in the body, or `body` for the body as a whole; `query.` and the name for a key of the query. */
  readonly path: string;
  readonly message: string;
}

/** The request cannot be understood; every problem that was found is listed. */
export class RequestInvalidError extends ClvError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], cause?: unknown) {
    const sentence = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
    super('REQUEST_INVALID', `The request cannot be used: ${sentence}.`, {
      remedy: 'Mend what is listed and send it again.',
      values: { problems },
      cause,
    });
    this.problems = problems;
  }
}

/** The body is of a kind that is not read, so that nothing is taken for an empty request by mistake. */
export class BodyNotJsonError extends ClvError {
  constructor(contentType: string | undefined) {
    super('BODY_NOT_JSON', `The body is ${contentType ?? 'of no stated type'}; only JSON is read.`, {
      remedy: 'Send it with the header Content-Type: application/json.',
      values: { contentType },
    });
  }
}

/** The body is longer than any request that makes sense. */
export class BodyTooLargeError extends ClvError {
  constructor(limit: string) {
    super('BODY_TOO_LARGE', `The body is longer than ${limit}.`, {
      remedy: 'A request needs a few keys only.',
      values: { limit },
    });
  }
}

/** The headers are longer than this server reads. */
export class HeadersTooLargeError extends ClvError {
  constructor() {
    super('HEADERS_TOO_LARGE', `The headers are longer than ${maxHeaderSize} bytes together.`, {
      remedy: 'Send fewer or shorter ones, such as cookies, and a shorter address.',
      values: { maxHeaderSize },
    });
  }
}

/** The request was not complete in time. */
export class RequestTooSlowError extends ClvError {
  constructor() {
    super('REQUEST_TOO_SLOW', 'The request was begun and did not arrive in time.', {
      remedy: 'Send it again, whole.',
    });
  }
}

/** No queue has a job of this id. */
export class JobUnknownError extends ClvError {
  constructor(id: string) {
    super('JOB_UNKNOWN', `There is no job ${id}.`, {
      remedy:
        'Look its id up on the board; the oldest finished jobs are forgotten, their files are not. If Redis lost its data, runs of a later day are queued again within 15 minutes; what else waited there has to be asked for again.',
      values: { id },
    });
  }
}

/** Nobody had these two models compared on the orders as they are now. */
export class ComparisonUnknownError extends ClvError {
  /** @param failure why the last attempt to make it failed; null for none. */
  constructor(id: string, other: string, failure: string | null) {
    super(
      'COMPARISON_UNKNOWN',
      failure === null
        ? `There is no comparison of ${id} and ${other} on the orders as they are now.`
        : `The comparison of ${id} and ${other} failed: ${failure}`,
      {
        remedy: `Have it made: POST /api/models/${id}/compare/${other}`,
        values: { id, other },
      },
    );
  }
}

/** A search has no such file. */
export class SearchFileUnknownError extends ClvError {
  constructor(searchId: string, name: string) {
    super('SEARCH_FILE_UNKNOWN', `The search ${searchId} has no file ${name}.`, {
      remedy: `GET /api/grid-searches/${searchId} lists the files that it has.`,
      values: { searchId, name },
    });
  }
}

/** Nothing is served at this address. */
export class RouteUnknownError extends ClvError {
  constructor(method: string, path: string, known: readonly string[]) {
    super('ROUTE_UNKNOWN', `There is no ${method} ${path}.`, {
      remedy: `There is: ${known.join(', ')}, and the board under /queues.`,
      values: { method, path },
    });
  }
}

/** The address is served, and not for this method. */
export class MethodNotAllowedError extends ClvError {
  readonly allowed: readonly string[];

  constructor(method: string, path: string, allowed: readonly string[]) {
    super('METHOD_NOT_ALLOWED', `There is no ${method} ${path}, but ${allowed.join(' and ')}.`, {
      remedy: 'Look up in /openapi.json which method does what.',
      values: { method, path, allowed },
    });
    this.allowed = allowed;
  }
}

/** The request does not carry the key of this server. */
export class KeyNeededError extends ClvError {
  constructor() {
    super('KEY_NEEDED', 'This server answers only requests that carry its key.', {
      remedy:
        'Send Authorization: Bearer <the key>; in a browser, any user name and the key as the password.',
    });
  }
}

/** A page of another site asks a browser to change something here. */
export class OriginRefusedError extends ClvError {
  constructor(values: Record<string, unknown>) {
    super('ORIGIN_REFUSED', 'A page of another site may not change anything here.', {
      remedy:
        'Use the board at the address of this server. A proxy in front of it must pass the Host header on unchanged.',
      values,
    });
  }
}

/** The request was meant for another name than this server's, as after a DNS entry that was turned to this machine. */
export class HostRefusedError extends ClvError {
  constructor(host: string | undefined) {
    super(
      'HOST_REFUSED',
      `This server is not "${host ?? ''}": without a key it answers to loopback names only.`,
      {
        remedy: 'Use http://127.0.0.1 or http://localhost with its port, or set CLV_API_KEY.',
        values: { host },
      },
    );
  }
}

/** The newest complete run has no such customer, or there is no such run. */
export class CustomerUnknownError extends ClvError {
  constructor(id: string, file: string | null) {
    super(
      'CUSTOMER_UNKNOWN',
      file === null ? 'No run is complete yet, so no customer is ranked.' : `${file} has no customer ${id}.`,
      {
        remedy:
          file === null
            ? 'Start a run: POST /api/score-runs, or clv score.'
            : 'Customers are ranked who have an order in the months of history before the cutoff; ids are texts, leading zeros count.',
        values: { id, file },
      },
    );
  }
}
