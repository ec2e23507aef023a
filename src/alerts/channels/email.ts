import { Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import type { AlertMessage } from '../alertMessage.ts';
import {
  type AlertSettings,
  ANSWER_MS,
  ChannelAwayError,
  ChannelRefusedError,
  demandSecret,
  type Environment,
} from './channel.ts';

/** How long all of the conversation with the mail server may take: one that always says something would never end it. */
const LONGEST_MS = 60_000;

/**
 * Sends the message as plain text by SMTP; gives the addresses that the server refused while it took the message for
 * others. With `security: starttls` nothing is sent before the connection is encrypted. The Message-ID is made from the
 * message's id, so that a mailbox can recognise a second delivery.
 *
 * @param longestMs how long the whole conversation may take.
 */
export async function sendByEmail(
  settings: NonNullable<AlertSettings['email']>,
  message: AlertMessage,
  env: Environment,
  longestMs = LONGEST_MS,
): Promise<readonly string[]> {
  const { host, port, security, from, to } = settings;
  const secret = (name: string | null, key: string): string | undefined =>
    name === null ? undefined : demandSecret(env, name, `email.${key}`);
  const user = secret(settings.user_env, 'user_env');
  const pass = secret(settings.password_env, 'password_env');
  const transport = createTransport({
    host,
    port,
    socket: new Socket({ signal: AbortSignal.timeout(longestMs) }),
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === undefined ? {} : { auth: { user, pass: pass ?? '' } }),
    connectionTimeout: ANSWER_MS,
    greetingTimeout: ANSWER_MS,
    socketTimeout: ANSWER_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const { rejected } = await transport.sendMail({
      from,
      to,
      subject: message.headline,
      text: message.text,
      messageId: `<${message.id}@clv-horizon>`,
    });
    return rejected;
  } catch (error) {
    throw asChannelError(error as SmtpError);
  } finally {
    transport.close();
  }
}

interface SmtpError extends Error {
  readonly code?: string;
  /** The server's answer: 4xx asks for another attempt, 5xx is final (RFC 5321, 4.2.1). */
  readonly responseCode?: number;
}

function asChannelError({ code, responseCode }: SmtpError): Error {
  // Without an answer of the server, only an invalid address is final.
  const isFinal = responseCode === undefined ? code === 'EENVELOPE' : responseCode >= 500;
  const what = responseCode === undefined ? (code ?? 'unknown') : `${responseCode}${code ? `, ${code}` : ''}`;
  const values = { code, responseCode };
  // The server's own words are left out, because some servers repeat what was sent to them, even a password.
  return isFinal
    ? new ChannelRefusedError('ALERT_REFUSED', `The mail server refused the message (${what}).`, {
        remedy: 'Check host, port, security, addresses, user and password, then: clv alerts test',
        values,
      })
    : new ChannelAwayError('ALERT_NOT_DELIVERED', `The mail server did not take the message (${what}).`, {
        remedy: 'It is tried again for about an hour; then retry the job on the board.',
        values,
      });
}
