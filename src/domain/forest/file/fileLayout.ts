/** The newest version of the format that this program writes and reads. */
export const formatVersion = 2;

/** What a file holds, as the header says it. Files of version 1 hold forests, and forests are written as version 1. */
export const modelKinds = { forest: 0, booster: 1 } as const;
/** What a file of trees holds. */
export type ModelKind = keyof typeof modelKinds;

/** ASCII `CLVFORST`. */
export const magic = Uint8Array.of(0x43, 0x4c, 0x56, 0x46, 0x4f, 0x52, 0x53, 0x54);

/** Where the fields of the header begin, in bytes. All numbers are little-endian. See docs/model-format.md. */
export const headerAt = {
  magic: 0,
  version: 8,
  jsonBytes: 12,
  fileBytes: 16,
  quantum: 24,
  features: 32,
  trees: 36,
  nodes: 40,
  edges: 44,
  leafTargets: 48,
  leaves: 52,
  trainingRows: 56,
  kind: 60,
  sha256: 64,
} as const;

/** Length of the header; the sections follow. */
export const headerBytes = 96;

/** The counts in the header, which say how long the sections are. */
export interface SectionCounts {
  readonly features: number;
  readonly trees: number;
  readonly nodes: number;
  readonly edges: number;
  readonly leafTargets: number;
  readonly leaves: number;
  readonly jsonBytes: number;
}

/** Where each section begins, in bytes, and where the file ends. Every section begins at a multiple of 8. */
export interface SectionOffsets {
  readonly edgeOffsets: number;
  readonly edges: number;
  readonly treeOffsets: number;
  readonly nodes: number;
  readonly values: number;
  readonly cover: number;
  readonly leafTargets: number;
  readonly leafPoints: number;
  readonly json: number;
  readonly end: number;
}

/** Where the sections begin when they stand one after another. */
export function layOutSections(counts: SectionCounts, pointsPerLeaf: number): SectionOffsets {
  let at = headerBytes;
  const take = (bytes: number): number => {
    const start = at;
    at += Math.ceil(bytes / 8) * 8;
    return start;
  };
  return {
    edgeOffsets: take(4 * (counts.features + 1)),
    edges: take(8 * counts.edges),
    treeOffsets: take(4 * (counts.trees + 1)),
    nodes: take(8 * counts.nodes),
    values: take(8 * counts.nodes),
    cover: take(8 * counts.nodes),
    leafTargets: take(8 * counts.leafTargets),
    leafPoints: take(2 * pointsPerLeaf * counts.leaves),
    json: take(counts.jsonBytes),
    end: at,
  };
}
