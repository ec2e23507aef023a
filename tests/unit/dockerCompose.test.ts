import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { CONFIG_TEMPLATE } from '../../src/config/template.ts';

const { services, networks } = parse(readFileSync('docker-compose.yml', 'utf8'));

test('workers, who send the alerts, reach Redis and the world; Redis reaches nobody', () => {
  const isInternal = (name: string): boolean => networks[name].internal === true;
  expect(services.redis.networks.every(isInternal)).toBe(true);
  expect(services.worker.networks).toEqual(expect.arrayContaining(services.redis.networks));
  expect(services.worker.networks.some((name: string) => !isInternal(name))).toBe(true);
});

test('both programs work on one home under one id', () => {
  const homeOf = ({ environment: { REDIS_URL, CLV_HOME, CLV_HOME_ID } }: typeof services.clv) => ({
    REDIS_URL,
    CLV_HOME,
    CLV_HOME_ID,
  });
  expect(homeOf(services.worker)).toEqual(homeOf(services.clv));
  expect(homeOf(services.clv).CLV_HOME_ID).toMatch(/^\$\{CLV_HOME_ID:-\w+\}$/);
});

test('workers are given every secret that a fresh config names', () => {
  const named = CONFIG_TEMPLATE.match(/(?<=_env: )\w+/g);
  expect(named).toHaveLength(4);
  expect(Object.keys(services.worker.environment)).toEqual(expect.arrayContaining(named!));
});
