import { expect, test } from 'vitest';
import { demandDescribed, type GivenAnswer } from '../../describedAnswers.ts';

const json = (status: number, body: unknown, headers = {}): GivenAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  text: JSON.stringify(body),
});
const refusal = (status: number, code: string) => json(status, { error: { code, message: 'No.' } });

test.each<[string, string, GivenAnswer]>([
  ['GET', '/healthz', json(200, { status: 'up' })],
  ['GET', '/healthz?now', json(200, { status: 'up' })],
  ['HEAD', '/healthz', { ...json(200, null), text: '' }],
  [
    'GET',
    '/metrics',
    { status: 200, headers: { 'content-type': 'text/plain; version=0.0.4' }, text: 'up 1' },
  ],
  ['GET', '/', { status: 302, headers: { location: '/queues' }, text: '' }],
  ['GET', '/api/jobs/x', refusal(404, 'JOB_UNKNOWN')],
  ['GET', '/nowhere', refusal(404, 'ROUTE_UNKNOWN')],
  ['GET', '/queues/api/queues', json(200, 'whatever')],
])('of %s %s an answer passes that is as described', (method, path, answer) => {
  expect(() => demandDescribed(method, path, answer)).not.toThrow();
});

test.each<[string, string, string, GivenAnswer, RegExp]>([
  ['has another value', 'GET', '/healthz', json(200, { status: 'down' }), /must be equal to constant/],
  ['has a key more', 'GET', '/healthz', json(200, { status: 'up', by: 1 }), /additional properties/],
  ['lacks a key', 'GET', '/healthz', json(200, {}), /required property 'status'/],
  ['has another status', 'GET', '/healthz', json(202, { status: 'up' }), /answered 202, which/],
  ['has another code', 'GET', '/api/jobs/x', refusal(404, 'MODEL_UNKNOWN'), /allowed values/],
  ['lacks a header', 'GET', '/', { status: 302, headers: {}, text: '' }, /without the header Location/],
  ['has a body', 'GET', '/', { status: 302, headers: { location: '/' }, text: 'x' }, /with a body/],
  [
    'is of another type',
    'GET',
    '/metrics',
    json(200, {}),
    /with application\/json; the OpenAPI document knows text\/plain/,
  ],
  ['is of no route', 'GET', '/secret', json(200, {}), /does not know the route/],
  ['is of another method', 'PUT', '/healthz', json(200, { status: 'up' }), /does not know the route/],
])('an answer fails that %s: %s %s', (_what, method, path, answer, says) => {
  expect(() => demandDescribed(method, path, answer)).toThrow(says);
});
