import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { serverConfiguration } from '../../../src/redis/serverConfiguration.ts';

const configuration = serverConfiguration({
  port: 40123,
  password: 'secret',
  folder: '/home/ada/shop/.clv/redis',
});
const lines = configuration.trimEnd().split('\n');

describe('the configuration of a private server', () => {
  it('listens on the loopback address only and asks for the secret', () => {
    expect(lines).toContain('bind 127.0.0.1');
    expect(lines).toContain('port 40123');
    expect(lines).toContain('requirepass secret');
  });

  it('writes any folder name so that it is read back as it is', () => {
    const folder = '/tmp/Ada\'s "Käse" shop\\x';
    const line = serverConfiguration({ port: 1, password: 's', folder })
      .split('\n')
      .find((text) => text.startsWith('dir '))!;
    const bytes = /^dir "(.*)"$/
      .exec(line)![1]!
      .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    expect(Buffer.from(bytes, 'latin1').toString('utf8')).toBe(folder);
    expect(line).not.toMatch(/[^ -~]/);
  });

  it('agrees with the shared server of docker-compose.yml in everything that queues depend on', () => {
    const compose = parse(readFileSync('docker-compose.yml', 'utf8'));
    const words: string[] = compose.services.redis.command;
    for (const setting of ['appendonly', 'appendfsync', 'save', 'maxmemory-policy', 'hz']) {
      const own = lines.find((line) => line.startsWith(`${setting} `))!.slice(setting.length + 1);
      expect([setting, words[words.indexOf(`--${setting}`) + 1]]).toEqual([setting, own.replaceAll('"', '')]);
    }
  });
});
