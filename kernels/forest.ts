/**
 * The inner loops of the forest, in AssemblyScript: compiled to WebAssembly with SIMD by `npm run build:kernel` into
 * src/domain/forest/kernel/kernelBytes.ts, which is what runs. Each function does exactly what its plain TypeScript
 * counterpart does, number for number; tests hold them against each other.
 *
 * All addresses are handed over by the caller, who lays the memory out. A record is what one training row
 * needs to be found together: two f64 (its weighted target units and its pack, see plainEngine.ts) and then one
 * byte a feature. A histogram is 256 pairs of f64 (sum, pack); the pair of bin 255 holds the missing values.
 */

/** Where a search leaves the best split of a node, and other functions their results. */
const bestGain: usize = 0;
const bestDivisor: usize = 8;
const bestSum: usize = 16;
const bestPack: usize = 24;
const bestFeature: usize = 32;
const bestBin: usize = 36;
const bestMissingLeft: usize = 40;
const firstResult: usize = 48;
const secondResult: usize = 56;

const missingPair: usize = 255 << 4;
const roundingShare: f64 = 1e-12;

let rows: usize = 0;
let records: usize = 0;
let recordShift: usize = 0;
let bagged: usize = 0;
let spare: usize = 0;
let counts: usize = 0;
let order: usize = 0;
let target: usize = 0;
let targetCodes: usize = 0;
let units: usize = 0;
let weights: usize = 0;
let weightUnits: usize = 0;
let gathered: usize = 0;
let origins: usize = 0;
let countStep: f64 = 1;
let countShare: f64 = 1;
let minLeaf: f64 = 1;

/** Tells where everything lies. Arrays with one entry a row are in the order of ascending target. */
export function layOut(
  rowCount: usize,
  recordsAt: usize,
  shift: usize,
  baggedAt: usize,
  spareAt: usize,
  countsAt: usize,
  orderAt: usize,
  targetAt: usize,
  targetCodesAt: usize,
  unitsAt: usize,
  weightsAt: usize,
  weightUnitsAt: usize,
  gatheredAt: usize,
  originsAt: usize,
  step: f64,
  leaf: f64,
): void {
  rows = rowCount;
  records = recordsAt;
  recordShift = shift;
  bagged = baggedAt;
  spare = spareAt;
  counts = countsAt;
  order = orderAt;
  target = targetAt;
  targetCodes = targetCodesAt;
  units = unitsAt;
  weights = weightsAt;
  weightUnits = weightUnitsAt;
  gathered = gatheredAt;
  origins = originsAt;
  countStep = step;
  countShare = 1 / step;
  minLeaf = leaf;
}

/** Spreads one column of codes, in row order from `column` on, over the records. */
export function spreadCodes(column: usize, offset: usize): void {
  let record = records + offset;
  for (let rank: usize = 0; rank < rows; rank++) {
    store<u8>(record, load<u8>(column + <usize>load<u32>(order + (rank << 2))));
    record += (<usize>1) << recordShift;
  }
}

/** The generator of src/domain/random.ts: `draws` rows with replacement into `counts`. */
export function drawWithReplacement(seed: u32, stream: u32, draws: u32): void {
  memory.fill(counts, 0, rows << 1);
  let state: u32 = seed ^ ((stream + 1) * 0x9e3779b9);
  let a: u32 = 0;
  let b: u32 = 0;
  let c: u32 = 0;
  for (let i = 0; i < 3; i++) {
    state += 0x9e3779b9;
    let z: u32 = state ^ (state >>> 16);
    z *= 0x21f0aaad;
    z ^= z >>> 15;
    z *= 0x735a2d97;
    z ^= z >>> 15;
    if (i === 0) a = z;
    else if (i === 1) b = z ^ stream;
    else c = z;
  }
  const bound = <f64>rows;
  for (let i: u32 = 1; i <= 12 + draws; i++) {
    const t = a + b + i;
    a = b ^ (b >>> 9);
    b = c + (c << 3);
    c = rotl<u32>(c, 21) + t;
    if (i <= 12) continue;
    const at = counts + ((<usize>(<u32>((<f64>t / 4294967296.0) * bound))) << 1);
    store<u16>(at, load<u16>(at) + 1);
  }
}

/** Puts the rows that were drawn into `bagged` and their numbers into the records. Returns how many there are. */
export function fillBag(): usize {
  let at = bagged;
  let record = records;
  let sum: f64 = 0;
  let pack: f64 = 0;
  for (let rank: usize = 0; rank < rows; rank++) {
    const count = <f64>load<u16>(counts + (rank << 1));
    const weight = weightUnits === 0 ? count : count * load<f64>(weightUnits + (rank << 3));
    const isIn = weight !== 0;
    const ownSum = weight * load<f64>(units + (rank << 3));
    const ownPack = weight * countStep + <f64>isIn;
    store<f64>(record, ownSum);
    store<f64>(record + 8, ownPack);
    store<u32>(at, <u32>record);
    sum += ownSum;
    pack += ownPack;
    at += (<usize>isIn) << 2;
    record += (<usize>1) << recordShift;
  }
  store<f64>(firstResult, sum);
  store<f64>(secondResult, pack);
  return (at - bagged) >>> 2;
}

/** Sets the bit of every row that was drawn. */
export function markBag(bits: usize): void {
  memory.fill(bits, 0, (rows + 7) >>> 3);
  for (let rank: usize = 0; rank < rows; rank++) {
    const row = load<u32>(order + (rank << 2));
    const at = bits + (row >>> 3);
    const isIn = <u32>(load<u16>(counts + (rank << 1)) !== 0);
    store<u8>(at, <u32>load<u8>(at) | (isIn << (row & 7)));
  }
}

function add(histogram: usize, code: usize, pair: v128): void {
  const at = histogram + (code << 4);
  v128.store(at, f64x2.add(v128.load(at), pair));
}

/**
 * Adds the rows between two addresses of `bagged` to the histograms of up to four features. Four at once, so that
 * the additions to one of them run while those to another wait for their memory.
 *
 * @param sign 1 to add, -1 to take away.
 */
export function accumulate(
  from: usize,
  to: usize,
  features: u32,
  byteA: usize,
  byteB: usize,
  byteC: usize,
  byteD: usize,
  histogramA: usize,
  histogramB: usize,
  histogramC: usize,
  histogramD: usize,
  sign: f64,
): void {
  const signs = f64x2.splat(sign);
  if (features === 4) {
    for (let at = from; at < to; at += 4) {
      const record = <usize>load<u32>(at);
      const pair = f64x2.mul(v128.load(record), signs);
      add(histogramA, <usize>load<u8>(record + byteA), pair);
      add(histogramB, <usize>load<u8>(record + byteB), pair);
      add(histogramC, <usize>load<u8>(record + byteC), pair);
      add(histogramD, <usize>load<u8>(record + byteD), pair);
    }
  } else if (features === 3) {
    for (let at = from; at < to; at += 4) {
      const record = <usize>load<u32>(at);
      const pair = f64x2.mul(v128.load(record), signs);
      add(histogramA, <usize>load<u8>(record + byteA), pair);
      add(histogramB, <usize>load<u8>(record + byteB), pair);
      add(histogramC, <usize>load<u8>(record + byteC), pair);
    }
  } else if (features === 2) {
    for (let at = from; at < to; at += 4) {
      const record = <usize>load<u32>(at);
      const pair = f64x2.mul(v128.load(record), signs);
      add(histogramA, <usize>load<u8>(record + byteA), pair);
      add(histogramB, <usize>load<u8>(record + byteB), pair);
    }
  } else {
    for (let at = from; at < to; at += 4) {
      const record = <usize>load<u32>(at);
      add(histogramA, <usize>load<u8>(record + byteA), f64x2.mul(v128.load(record), signs));
    }
  }
}

/** Takes `bytes` of histograms away from others, which then hold what is left. */
export function subtract(from: usize, histograms: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(from + at, f64x2.sub(v128.load(from + at), v128.load(histograms + at)));
}

function addMarked(histogram: usize, marks: usize, code: usize, pair: v128): void {
  add(histogram, code, pair);
  store<u8>(marks + code, 0xff);
}

/** As `accumulate`, noting in 256 bytes a feature which bins were met. For nodes of few rows. */
export function accumulateMarked(
  from: usize,
  to: usize,
  features: u32,
  byteA: usize,
  byteB: usize,
  byteC: usize,
  byteD: usize,
  histograms: usize,
  marks: usize,
): void {
  if (features === 4) {
    for (let at = from; at < to; at += 4) {
      const record = <usize>load<u32>(at);
      const pair = v128.load(record);
      addMarked(histograms, marks, <usize>load<u8>(record + byteA), pair);
      addMarked(histograms + 4096, marks + 256, <usize>load<u8>(record + byteB), pair);
      addMarked(histograms + 8192, marks + 512, <usize>load<u8>(record + byteC), pair);
      addMarked(histograms + 12288, marks + 768, <usize>load<u8>(record + byteD), pair);
    }
    return;
  }
  for (let at = from; at < to; at += 4) {
    const record = <usize>load<u32>(at);
    const pair = v128.load(record);
    addMarked(histograms, marks, <usize>load<u8>(record + byteA), pair);
    if (features > 1) addMarked(histograms + 4096, marks + 256, <usize>load<u8>(record + byteB), pair);
    if (features > 2) addMarked(histograms + 8192, marks + 512, <usize>load<u8>(record + byteC), pair);
  }
}

/** What a scan needs to know of the node: set by `openNode`. */
let nodePack: f64 = 0;
let leafPenalty: f64 = 0;
let nodeWeight: f64 = 0;
let nodeMean: f64 = 0;
let nodeRounding: f64 = 0;
let mostLeft: f64 = 0;
/** What the left side holds before the first bin: nothing, or the missing values. */
let packBefore: f64 = 0;

/**
 * Begins the search for the best split of a node.
 *
 * @param penalty weight that either side of a split has beside that of its rows, with a sum of zero: see
 * src/domain/boosting/boostEngine.ts. Forests have none.
 */
export function openNode(sum: f64, pack: f64, penalty: f64): void {
  nodePack = pack;
  const weight = Math.floor(pack * countShare);
  leafPenalty = penalty;
  nodeWeight = weight + 2 * penalty;
  nodeMean = sum / nodeWeight;
  nodeRounding = roundingShare * Math.abs(sum);
  mostLeft = pack - weight * countStep - minLeaf;
  store<f64>(bestGain, 0);
  store<f64>(bestDivisor, 1);
  store<i32>(bestFeature, -1);
}

function consider(left: v128, feature: i32, bin: i32, missingLeft: i32): void {
  const leftPack = f64x2.extract_lane(left, 1);
  const rowsWeight = Math.floor(leftPack * countShare);
  const leftCount = leftPack - rowsWeight * countStep;
  if (leftCount < minLeaf || leftCount > mostLeft) return;
  // Missing values alone against all others: a split that was tried from the other side, which rounding must not prefer.
  if (leftPack === packBefore) return;
  const leftWeight = rowsWeight + leafPenalty;
  const leftSum = f64x2.extract_lane(left, 0);
  const excess = leftSum - leftWeight * nodeMean;
  if (Math.abs(excess) <= nodeRounding) return;
  const gain = excess * excess * nodeWeight;
  const divisor = leftWeight * (nodeWeight - leftWeight);
  if (gain * load<f64>(bestDivisor) > load<f64>(bestGain) * divisor) {
    store<f64>(bestGain, gain);
    store<f64>(bestDivisor, divisor);
    store<f64>(bestSum, leftSum);
    store<f64>(bestPack, leftPack);
    store<i32>(bestFeature, feature);
    store<i32>(bestBin, bin);
    store<i32>(bestMissingLeft, missingLeft);
  }
}

/** Tries the thresholds of a histogram two at a time; only a pair that holds a better one is looked at again. */
function scanPairs(histogram: usize, bins: usize, first: v128, feature: i32, missingLeft: i32): void {
  const end = histogram + (bins << 4);
  const steps = f64x2.splat(countStep);
  const shares = f64x2.splat(countShare);
  const means = f64x2.splat(nodeMean);
  const nodeWeights = f64x2.splat(nodeWeight);
  const penalties = f64x2.splat(leafPenalty);
  const leasts = f64x2.splat(minLeaf);
  const mosts = f64x2.splat(mostLeft);
  let gains = f64x2.splat(load<f64>(bestGain));
  let divisors = f64x2.splat(load<f64>(bestDivisor));
  let left = first;
  packBefore = f64x2.extract_lane(first, 1);
  for (let at = histogram; at < end; at += 32) {
    const leftA = f64x2.add(left, v128.load(at));
    const leftB = f64x2.add(leftA, v128.load(at, 16));
    left = leftB;
    const sums = v128.shuffle<f64>(leftA, leftB, 0, 2);
    const packs = v128.shuffle<f64>(leftA, leftB, 1, 3);
    const rowsWeights = f64x2.floor(f64x2.mul(packs, shares));
    const leftCounts = f64x2.sub(packs, f64x2.mul(rowsWeights, steps));
    const leftWeights = f64x2.add(rowsWeights, penalties);
    const excess = f64x2.sub(sums, f64x2.mul(leftWeights, means));
    const gain = f64x2.mul(f64x2.mul(excess, excess), nodeWeights);
    const divisor = f64x2.mul(leftWeights, f64x2.sub(nodeWeights, leftWeights));
    const isBetter = f64x2.gt(f64x2.mul(gain, divisors), f64x2.mul(gains, divisor));
    const isAllowed = v128.and(f64x2.ge(leftCounts, leasts), f64x2.le(leftCounts, mosts));
    if (v128.any_true(v128.and(isBetter, isAllowed))) {
      const bin = <i32>((at - histogram) >>> 4);
      consider(leftA, feature, bin, missingLeft);
      consider(leftB, feature, bin + 1, missingLeft);
      gains = f64x2.splat(load<f64>(bestGain));
      divisors = f64x2.splat(load<f64>(bestDivisor));
    }
  }
}

/**
 * Looks for a better split in a filled histogram, which is left as it is.
 *
 * @returns 1 if the feature takes more than one bin in the node, else 0.
 */
export function scan(histogram: usize, bins: usize, feature: i32): i32 {
  const missing = v128.load(histogram + missingPair);
  const missingPack = f64x2.extract_lane(missing, 1);
  if (missingPack === nodePack) return 0;
  // Pairs may reach into the place of the missing values, which therefore stands empty meanwhile.
  const zero = f64x2.splat(0);
  v128.store(histogram + missingPair, zero);
  scanPairs(histogram, bins, zero, feature, 0);
  if (missingPack > 0) scanPairs(histogram, bins, missing, feature, 1);
  v128.store(histogram + missingPair, missing);
  if (missingPack > 0) return 1;
  const end = histogram + (bins << 4);
  for (let at = histogram; at < end; at += 16) {
    const pack = load<f64>(at + 8);
    if (pack !== 0) return i32(pack !== nodePack);
  }
  return 0;
}

/**
 * As `scan`, visiting only the bins that were met, and clearing them and their marks.
 *
 * @param met memory for 257 pairs, and after them 256 bytes.
 */
export function scanMarked(histogram: usize, marks: usize, feature: i32, met: usize): i32 {
  const zero = f64x2.splat(0);
  const missing = v128.load(histogram + missingPair);
  v128.store(histogram + missingPair, zero);
  store<u8>(marks + 255, 0);
  // The bins that were met, moved together: then they can be tried like all bins of a large node.
  let pair = met;
  const bins = met + 257 * 16;
  let bin = bins;
  for (let word: usize = 0; word < 256; word += 16) {
    let bits = i8x16.bitmask(v128.load(marks + word));
    if (bits === 0) continue;
    v128.store(marks + word, zero);
    for (; bits !== 0; bits &= bits - 1) {
      const own = word + <usize>ctz(bits);
      const at = histogram + (own << 4);
      v128.store(pair, v128.load(at));
      v128.store(at, zero);
      store<u8>(bin, <u8>own);
      pair += 16;
      bin++;
    }
  }
  v128.store(pair, zero);
  const occupied = bin - bins;
  const missingPack = f64x2.extract_lane(missing, 1);
  if (occupied + usize(missingPack > 0) < 2) return 0;
  const gainBefore = load<f64>(bestGain);
  const divisorBefore = load<f64>(bestDivisor);
  scanPairs(met, occupied, zero, feature, 0);
  if (missingPack > 0) scanPairs(met, occupied, missing, feature, 1);
  if (load<f64>(bestGain) !== gainBefore || load<f64>(bestDivisor) !== divisorBefore) {
    store<i32>(bestBin, load<u8>(bins + <usize>load<i32>(bestBin)));
  }
  return 1;
}

/** Stable partition of the rows between two addresses of `bagged`. Returns the address of the border. */
export function partition(from: usize, to: usize, byte: usize, limit: i32, shift: i32): usize {
  let left = from;
  let right = spare;
  for (let at = from; at < to; at += 4) {
    const record = load<u32>(at);
    store<u32>(left, record);
    store<u32>(right, record);
    const isRight = <usize>(((<i32>load<u8>(<usize>record + byte) + shift) & 0xff) > limit);
    right += isRight << 2;
    left += (1 - isRight) << 2;
  }
  memory.copy(left, spare, right - spare);
  return left;
}

/**
 * Copies the records of the rows between two addresses of `bagged` next to each other, and lets the rows point there:
 * the whole subtree below then finds them in fewer pages and cache lines. Each place of `bagged` owns a place for a
 * copy, so that copies of different nodes never meet.
 */
export function gather(from: usize, to: usize): void {
  const bytes = (<usize>1) << recordShift;
  let copy = gathered + (((from - bagged) >>> 2) << recordShift);
  let origin = origins + (from - bagged);
  for (let at = from; at < to; at += 4) {
    const record = load<u32>(at);
    for (let part: usize = 0; part < bytes; part += 16)
      v128.store(copy + part, v128.load(<usize>record + part));
    store<u32>(origin, record);
    store<u32>(at, <u32>copy);
    copy += bytes;
    origin += 4;
  }
}

/** The first place of a record that may have been gathered. */
function originOf(record: usize): usize {
  if (gathered === 0 || record < gathered) return record;
  return <usize>load<u32>(origins + (((record - gathered) >>> recordShift) << 2));
}

/** The rank of a row. */
function rankOf(record: usize): usize {
  return (originOf(record) - records) >>> recordShift;
}

/**
 * The weighted sum and the weight of the targets in a leaf, and eight quantiles of them: rows lie in the order of
 * their targets.
 *
 * @param points receives eight target codes; 0 for none.
 */
export function describeLeaf(from: usize, to: usize, points: usize): void {
  let sum: f64 = 0;
  let total: f64 = 0;
  for (let at = from; at < to; at += 4) {
    const rank = rankOf(<usize>load<u32>(at));
    let weight = <f64>load<u16>(counts + (rank << 1));
    if (weights !== 0) weight *= load<f64>(weights + (rank << 3));
    sum += weight * load<f64>(target + (rank << 3));
    total += weight;
  }
  store<f64>(firstResult, sum);
  store<f64>(secondResult, total);
  if (points === 0) return;
  let passed: f64 = 0;
  let point: usize = 0;
  let wanted = total / 16;
  for (let at = from; at < to && point < 8; at += 4) {
    const rank = rankOf(<usize>load<u32>(at));
    let weight = <f64>load<u16>(counts + (rank << 1));
    if (weights !== 0) weight *= load<f64>(weights + (rank << 3));
    passed += weight;
    // Rounding must not leave a point without a row: the last row takes what is left.
    const isLast = at + 4 === to;
    while (point < 8 && (passed >= wanted || isLast)) {
      store<u16>(points + (point << 1), load<u16>(targetCodes + (rank << 1)));
      point++;
      wanted = (total * <f64>(2 * point + 1)) / 16;
    }
  }
}

/**
 * Bin codes of `count` values: how many of the edges lie below each, 255 for NaN.
 *
 * @param edges 256 ascending f64, filled up with infinity.
 * @param half half of the smallest power of two that is above the number of edges.
 */
export function encode(
  values: usize,
  count: usize,
  edges: usize,
  half: usize,
  codes: usize,
  stride: usize,
): void {
  let code = codes;
  const end = values + (count << 3);
  for (let at = values; at < end; at += 8) {
    const value = load<f64>(at);
    let base = edges;
    for (let step = half << 3; step > 4; step >>>= 1) {
      base += step & (0 - <usize>(load<f64>(base + step - 8) < value));
    }
    // biome-ignore lint/suspicious/noGlobalIsNan: AssemblyScript has no other
    store<u8>(code, <u32>((base - edges) >>> 3) | (0 - <u32>isNaN<f64>(value)));
    code += stride;
  }
}

function step(nodes: usize, start: usize, node: u32): u32 {
  const word = load<u64>(nodes + ((<usize>node) << 3));
  const rule = <u32>(word >>> 32);
  const code = (<u32>load<u8>(start + (rule >>> 17)) + ((rule >>> 16) & 1)) & 0xff;
  return <u32>word + u32(code > (rule & 0xffff));
}

/**
 * Sends rows through one tree, eight at a time, each to the node of its leaf.
 *
 * @param starts u32 addresses of the rows' codes. @param leaves receives one u32 a row.
 */
export function findLeaves(nodes: usize, starts: usize, count: usize, leaves: usize): void {
  let i: usize = 0;
  for (; i + 7 < count; i += 8) {
    const at = starts + (i << 2);
    const startA = <usize>load<u32>(at);
    const startB = <usize>load<u32>(at + 4);
    const startC = <usize>load<u32>(at + 8);
    const startD = <usize>load<u32>(at + 12);
    const startE = <usize>load<u32>(at + 16);
    const startF = <usize>load<u32>(at + 20);
    const startG = <usize>load<u32>(at + 24);
    const startH = <usize>load<u32>(at + 28);
    let a: u32 = 0;
    let b: u32 = 0;
    let c: u32 = 0;
    let d: u32 = 0;
    let e: u32 = 0;
    let f: u32 = 0;
    let g: u32 = 0;
    let h: u32 = 0;
    let moved: u32 = 1;
    while (moved !== 0) {
      const nextA = step(nodes, startA, a);
      const nextB = step(nodes, startB, b);
      const nextC = step(nodes, startC, c);
      const nextD = step(nodes, startD, d);
      moved = (nextA ^ a) | (nextB ^ b) | (nextC ^ c) | (nextD ^ d);
      a = nextA;
      b = nextB;
      c = nextC;
      d = nextD;
      const nextE = step(nodes, startE, e);
      const nextF = step(nodes, startF, f);
      const nextG = step(nodes, startG, g);
      const nextH = step(nodes, startH, h);
      moved |= (nextE ^ e) | (nextF ^ f) | (nextG ^ g) | (nextH ^ h);
      e = nextE;
      f = nextF;
      g = nextG;
      h = nextH;
    }
    const to = leaves + (i << 2);
    store<u32>(to, a);
    store<u32>(to + 4, b);
    store<u32>(to + 8, c);
    store<u32>(to + 12, d);
    store<u32>(to + 16, e);
    store<u32>(to + 20, f);
    store<u32>(to + 24, g);
    store<u32>(to + 28, h);
  }
  for (; i < count; i++) {
    const start = <usize>load<u32>(starts + (i << 2));
    let node: u32 = 0;
    for (let next = step(nodes, start, node); next !== node; next = step(nodes, start, node)) node = next;
    store<u32>(leaves + (i << 2), node);
  }
}

/**
 * Sorts `count` f64, none of them NaN, in ascending order by their digits (LSD radix sort of 11 bits a pass).
 *
 * @param spare as much memory again. @param tally 2048 u32.
 * @returns the address of the sorted numbers: `values` or `spare`.
 */
export function sortFloats(values: usize, count: usize, spareAt: usize, tally: usize): usize {
  let from = values;
  let to = spareAt;
  const bytes = count << 3;
  for (let at = from; at < from + bytes; at += 8) {
    const bits = load<i64>(at);
    // Bit patterns in the order of the numbers: negative ones turned over, the others moved above them.
    store<i64>(at, bits ^ ((bits >> 63) | i64.MIN_VALUE));
  }
  for (let shift: u64 = 0; shift < 64; shift += 11) {
    memory.fill(tally, 0, 8192);
    for (let at = from; at < from + bytes; at += 8) {
      const digit = tally + ((<usize>(load<u64>(at) >>> shift) & 2047) << 2);
      store<u32>(digit, load<u32>(digit) + 1);
    }
    // A digit that all numbers share moves none of them.
    const first = tally + ((<usize>(load<u64>(from) >>> shift) & 2047) << 2);
    if (load<u32>(first) === <u32>count) continue;
    let place: u32 = 0;
    for (let digit = tally; digit < tally + 8192; digit += 4) {
      const own = load<u32>(digit);
      store<u32>(digit, place);
      place += own;
    }
    for (let at = from; at < from + bytes; at += 8) {
      const key = load<u64>(at);
      const digit = tally + ((<usize>(key >>> shift) & 2047) << 2);
      const own = load<u32>(digit);
      store<u32>(digit, own + 1);
      store<u64>(to + ((<usize>own) << 3), key);
    }
    const swap = from;
    from = to;
    to = swap;
  }
  for (let at = from; at < from + bytes; at += 8) {
    const key = load<i64>(at);
    store<i64>(at, key ^ (~(key >> 63) | i64.MIN_VALUE));
  }
  return from;
}
