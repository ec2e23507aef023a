import type { Forest } from './forest.ts';

type Numbers = Float64Array | Uint32Array | Uint16Array;

/** The same numbers on a shared buffer; the array itself if it is on one. */
function onSharedBuffer<Kind extends Numbers>(values: Kind): Kind {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const NumbersOfSameKind = values.constructor as new (buffer: SharedArrayBuffer) => Kind;
  const copy = new NumbersOfSameKind(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

/** The forest with its arrays on shared buffers, so that threads read it without a copy each. */
export function shareForest(forest: Forest): Forest {
  return {
    ...forest,
    edges: onSharedBuffer(forest.edges),
    edgeOffsets: onSharedBuffer(forest.edgeOffsets),
    treeOffsets: onSharedBuffer(forest.treeOffsets),
    nodes: onSharedBuffer(forest.nodes),
    values: onSharedBuffer(forest.values),
    cover: onSharedBuffer(forest.cover),
    leafQuantiles: forest.leafQuantiles && {
      targets: onSharedBuffer(forest.leafQuantiles.targets),
      points: onSharedBuffer(forest.leafQuantiles.points),
    },
  };
}
