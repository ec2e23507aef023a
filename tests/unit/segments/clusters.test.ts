import { expect, test } from 'vitest';
import { Random } from '../../../src/domain/random.ts';
import { rankClusters } from '../../../src/domain/segments/clusterRanking.ts';
import { type ClusterInputs, clusterCustomers } from '../../../src/domain/segments/clusters.ts';

/** Three groups of customers that differ in value and recency; group 0 is worth most. */
function threeGroups(perGroup: number): { inputs: ClusterInputs; group: Uint8Array } {
  const n = 3 * perGroup;
  const random = new Random(7);
  const group = Uint8Array.from({ length: n }, (_, i) => i % 3);
  const column = (centres: number[], spread: number) =>
    Float64Array.from(group, (g) => centres[g] + spread * random.normal());
  return {
    group,
    inputs: {
      predictedClv: column([500, 100, 5], 10),
      tenureDays: column([100, 200, 300], 5),
      recencyDays: column([10, 60, 200], 5),
      meanGapDays: column([20, 50, Number.NaN], 2),
      stdGapDays: column([5, 10, Number.NaN], 1),
      medianGapDays: column([20, 50, Number.NaN], 2),
    },
  };
}

const options = { clusters: 3, historyDays: 365, seed: 1 };

test('groups that differ are found, numbered by descending predicted CLV', () => {
  const { inputs, group } = threeGroups(100);
  for (let seed = 1; seed <= 8; seed++)
    expect([...clusterCustomers(inputs, { ...options, seed })], `seed ${seed}`).toEqual(
      [...group].map((g) => g + 1),
    );
});

test('a seeded sample finds the same groups as all customers', () => {
  const { inputs, group } = threeGroups(100);
  expect([...clusterCustomers(inputs, { ...options, fitRows: 60 })]).toEqual([...group].map((g) => g + 1));
});

test('no more customers than the sample has are looked at for the centres, and none of them twice', () => {
  const { inputs } = threeGroups(40);
  const found = (fitRows: number, clusters: number) =>
    new Set(clusterCustomers(inputs, { ...options, fitRows, clusters })).size;
  expect(found(2, 3)).toBe(2);
  // As many clusters as there are customers in the sample, all of whom differ: each is the centre of its own.
  expect(found(60, 60)).toBe(60);
});

test('every figure counts as much as any other, however small its unit', () => {
  const small = Float64Array.of(1e-4, 1e-4, 2e-4, 2e-4);
  const inputs = {
    predictedClv: small,
    tenureDays: small,
    recencyDays: Float64Array.of(0, 1000, 0, 1000),
    meanGapDays: small,
    stdGapDays: small,
    medianGapDays: small,
  };
  expect([...clusterCustomers(inputs, { ...options, clusters: 2 })]).toEqual([2, 2, 1, 1]);
});

test('fewer different customers than clusters give fewer clusters', () => {
  const same = Float64Array.of(1, 1, 2);
  const inputs = {
    predictedClv: same,
    tenureDays: same,
    recencyDays: same,
    meanGapDays: same,
    stdGapDays: same,
    medianGapDays: same,
  };
  expect([...clusterCustomers(inputs, { ...options, clusters: 5 })]).toEqual([2, 2, 1]);
});

test('a customer without gaps counts as one who orders once in a history, like clockwork', () => {
  const gaps = (known: number) => Float64Array.of(known, Number.NaN, 10);
  const alike = new Float64Array(3);
  const inputs = {
    predictedClv: Float64Array.of(1, 1, 2),
    tenureDays: alike,
    recencyDays: alike,
    meanGapDays: gaps(365),
    stdGapDays: gaps(0),
    medianGapDays: gaps(365),
  };
  expect([...clusterCustomers(inputs, options)]).toEqual([2, 2, 1]);
});

test('no customers are no clusters', () => {
  const none = new Float64Array(0);
  const inputs = {
    predictedClv: none,
    tenureDays: none,
    recencyDays: none,
    meanGapDays: none,
    stdGapDays: none,
    medianGapDays: none,
  };
  expect(clusterCustomers(inputs, options).length).toBe(0);
});

test('clusters are ranked by median, with their share of the overall median', () => {
  const ranked = rankClusters([1, 1, 2, 2, 3], Float64Array.of(10, 30, 2, 4, 3));
  expect(ranked).toEqual([
    { clusterId: 1, customers: 2, medianClv: 20, clvIndex: 5, clusterRank: 1 },
    { clusterId: 2, customers: 2, medianClv: 3, clvIndex: 0.75, clusterRank: 2 },
    { clusterId: 3, customers: 1, medianClv: 3, clvIndex: 0.75, clusterRank: 2 },
  ]);
});
