import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testMessage } from '../../src/alerts/alertMessage.ts';
import { sendByEmail } from '../../src/alerts/channels/email.ts';
import { configuredChannels, sendThrough } from '../../src/alerts/channels/sendThrough.ts';
import { configSchema } from '../../src/config/schema.ts';
import { ClvError, TransientError } from '../../src/domain/errors.ts';
import {
  ENDLESS,
  type HttpReceiver,
  type MailReceiver,
  startHttpReceiver,
  startMailReceiver,
} from '../receivers.ts';
import { freePort } from '../redis.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const SECRET = 'not-to-be-told';
const MESSAGE = testMessage('test-20260101_120000');

let web: HttpReceiver;
let mail: MailReceiver;

beforeEach(async () => {
  [web, mail] = await Promise.all([startHttpReceiver(), startMailReceiver()]);
});
afterEach(() => Promise.all([web.close(), mail.close()]));

function settings(alerts: Record<string, unknown>) {
  return configSchema.parse({ monitoring: { alerts } }).monitoring.alerts;
}
const webhook = (url = `${web.url}/hook`) => settings({ webhook: { url, secret_env: 'HOOK_SECRET' } });
const slack = () => settings({ slack: { url_env: 'CHAT_URL' } });
const email = (more: object = {}) =>
  settings({
    email: {
      ...{ host: '127.0.0.1', port: mail.port, security: 'none' },
      ...{ from: 'clv@example.org', to: ['data@example.org', 'ada@example.org'] },
      ...more,
    },
  });
const send = (set: ReturnType<typeof settings>, env: Record<string, string> = {}, message = MESSAGE) =>
  sendThrough(configuredChannels(set)[0], message, set, { env, nowMs: NOW });
const failureOf = (sending: Promise<unknown>): Promise<ClvError> =>
  sending.then(
    () => Promise.reject(new Error('it was delivered')),
    (error) => error,
  );

describe('the webhook', () => {
  test('is posted JSON whose signature covers the moment and every byte of the body', async () => {
    await send(webhook(), { HOOK_SECRET: SECRET });
    const [{ path, headers, body }] = web.posted;
    expect(path).toBe('/hook');
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-clv-delivery': MESSAGE.id });
    expect(JSON.parse(body)).toEqual(MESSAGE);
    const seconds = NOW / 1000;
    const mac = createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex');
    expect(headers['x-clv-signature']).toBe(`t=${seconds},v1=${mac}`);
    expect(JSON.stringify(web.posted)).not.toContain(SECRET);
  });

  test.each([500, 503, 429, 408])('that answers %d is tried again', async (status) => {
    web.answer(status);
    const failure = await failureOf(send(webhook(), { HOOK_SECRET: SECRET }));
    expect(failure).toBeInstanceOf(TransientError);
    expect(failure.message).toContain(String(status));
  });

  test.each([400, 401, 404, 410])('that answers %d is not', async (status) => {
    web.answer(status);
    const failure = await failureOf(send(webhook(), { HOOK_SECRET: SECRET }));
    expect(failure).toMatchObject({ code: 'ALERT_REFUSED' });
    expect(failure).not.toBeInstanceOf(TransientError);
  });

  test('that redirects is not followed', async () => {
    web.answer(302);
    expect(await failureOf(send(webhook(), { HOOK_SECRET: SECRET }))).toMatchObject({
      code: 'ALERT_REFUSED',
    });
    expect(web.posted).toHaveLength(1);
  });

  test('that nobody listens at is tried again', async () => {
    const failure = await failureOf(
      send(webhook(`http://127.0.0.1:${await freePort()}`), { HOOK_SECRET: SECRET }),
    );
    expect(failure).toBeInstanceOf(TransientError);
    expect(failure.message).toContain('ECONNREFUSED');
  });

  test('with a password in its address is refused at once, and the password is not told', async () => {
    const failure = await failureOf(
      send(webhook(web.url.replace('//', `//ada:${SECRET}@`)), { HOOK_SECRET: 'x' }),
    );
    expect(failure).not.toBeInstanceOf(TransientError);
    expect(failure.message).toContain('holds a user name or a password');
    expect(`${failure.toSentences()} ${JSON.stringify(failure.values)}`).not.toContain(SECRET);
    expect(web.posted).toEqual([]);
  });

  test('without its secret in the environment says which variable is missing, and sends nothing', async () => {
    const failure = await failureOf(send(webhook()));
    expect(failure).toMatchObject({
      code: 'ALERT_SECRET_MISSING',
      message: expect.stringContaining('HOOK_SECRET'),
    });
    expect(web.posted).toEqual([]);
  });
});

describe('the chat', () => {
  test('is posted a text whose control characters are harmless', async () => {
    const message = { ...MESSAGE, headline: 'A <b> & c' };
    await send(slack(), { CHAT_URL: `${web.url}/services/T/B/X` }, message);
    const [{ path, body }] = web.posted;
    expect(path).toBe('/services/T/B/X');
    expect(JSON.parse(body)).toEqual({ text: `*A &lt;b&gt; &amp; c*\n${MESSAGE.summary}` });
  });

  test.each([
    ['refuses', async () => `${web.url}/${SECRET}`],
    ['is away', async () => `http://127.0.0.1:${await freePort()}/${SECRET}`],
    ['has an address that is none', async () => `not an address ${SECRET}`],
  ])('that %s: its address, which is a secret, is not told', async (_what, urlOf) => {
    web.answer(404);
    const { message, remedy, values, cause } = await failureOf(send(slack(), { CHAT_URL: await urlOf() }));
    expect(JSON.stringify({ message, remedy, values, cause: String(cause) })).not.toContain(SECRET);
  });
});

describe('mail', () => {
  test('goes to every address, as plain text, under a Message-ID that stays the same', async () => {
    await send(email());
    await send(email());
    expect(mail.said.filter((line) => /^(MAIL|RCPT)/.test(line)).slice(0, 3)).toEqual([
      'MAIL FROM:<clv@example.org>',
      'RCPT TO:<data@example.org>',
      'RCPT TO:<ada@example.org>',
    ]);
    expect(mail.mails).toHaveLength(2);
    for (const text of mail.mails) {
      expect(text).toContain('Subject: Test of the alert channel');
      expect(text).toContain('Message-ID: <test-20260101_120000@clv-horizon>');
      expect(text).toContain(MESSAGE.summary.slice(0, 40));
    }
  });

  test('proves who it is where a user is named', async () => {
    await send(email({ user_env: 'U', password_env: 'P' }), { U: 'clv', P: SECRET });
    const credentials = Buffer.from(`\0clv\0${SECRET}`).toString('base64');
    expect(mail.said).toContain(`AUTH PLAIN ${credentials}`);
  });

  test('to a server that cannot encrypt tells it nothing, unless the config says none', async () => {
    const secrets = { U: 'clv', P: SECRET };
    const failure = await failureOf(
      send(email({ security: 'starttls', user_env: 'U', password_env: 'P' }), secrets),
    );
    expect(failure).toBeInstanceOf(ClvError);
    expect(mail.said.filter((line) => /^(AUTH|MAIL|DATA)/.test(line))).toEqual([]);
    expect(mail.mails).toEqual([]);
  });

  test.each([
    ['451 busy', true],
    ['500 what', false],
    ['550 no', false],
  ])('to a server that answers %s is tried again: %j', async (answer, isTriedAgain) => {
    mail.answer('RCPT', answer);
    expect((await failureOf(send(email()))) instanceof TransientError).toBe(isTriedAgain);
  });

  test('with a wrong password fails for good and does not tell it', async () => {
    mail.answer('AUTH', `535 your password ${SECRET} is wrong`);
    const failure = await failureOf(
      send(email({ user_env: 'U', password_env: 'P' }), { U: 'clv', P: SECRET }),
    );
    expect(failure).not.toBeInstanceOf(TransientError);
    expect(`${failure.toSentences()} ${JSON.stringify(failure.values)} ${failure.cause}`).not.toContain(
      SECRET,
    );
    expect(failure.message).toContain('535');
  });

  test('that only some addresses may get tells which were refused, and goes to the others', async () => {
    mail.answer('RCPT TO:<ada@example.org>', '550 no such user');
    expect(await send(email())).toEqual(['ada@example.org']);
    expect(mail.mails).toHaveLength(1);
  });

  test('to a server that never comes to an end is given up, and tried again', async () => {
    mail.answer('EHLO', ENDLESS);
    const { email: set } = email();
    const sending = sendByEmail(set as NonNullable<typeof set>, MESSAGE, {}, 300);
    expect(await failureOf(sending)).toBeInstanceOf(TransientError);
  });

  test('to nobody who listens is tried again', async () => {
    expect(await failureOf(send(email({ port: await freePort() })))).toBeInstanceOf(TransientError);
  });
});

test('a channel that is not set up is not among the configured ones', () => {
  expect(configuredChannels(settings({}))).toEqual([]);
  expect(configuredChannels(slack())).toEqual(['slack']);
});

test.each([
  ['an address that is none', { webhook: { url: 'example.org', secret_env: 'X' } }],
  ['a secret in place of the name of a variable', { slack: { url_env: 'https://hooks.example.org/T/B' } }],
  ['mail to nobody', { email: { host: 'h', from: 'a@b.c', to: [] } }],
])('%s is an error of the config', (_what, alerts) => {
  expect(configSchema.safeParse({ monitoring: { alerts } }).success).toBe(false);
});
