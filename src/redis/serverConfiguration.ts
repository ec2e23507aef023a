/**
 * The configuration of a private server. The same values stand in `docker-compose.yml` for the shared one.
 *
 * - `bind`, `protected-mode`, `requirepass`: other users of the machine reach the port but not the data.
 * - `appendonly`, `appendfsync everysec`: a crash costs at most the last second.
 * - `save ""`: snapshots besides the append-only file would only cost time.
 * - `noeviction`: the keys of a queue must not vanish when memory is full.
 * - `hz 100`: delayed jobs fire within about 10 ms of their instant; with the default of 10, within about 100 ms.
 */
export function serverConfiguration(options: {
  readonly port: number;
  readonly password: string;
  readonly folder: string;
}): string {
  return [
    'bind 127.0.0.1',
    `port ${options.port}`,
    'protected-mode yes',
    `requirepass ${options.password}`,
    `dir ${quoted(options.folder)}`,
    'daemonize no',
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    'hz 100',
    '',
  ].join('\n');
}

/** A value in the notation of the configuration file for values with blanks, quotes or bytes beyond ASCII. */
function quoted(value: string): string {
  let text = '';
  for (const byte of Buffer.from(value, 'utf8')) {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    text += isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `"${text}"`;
}
