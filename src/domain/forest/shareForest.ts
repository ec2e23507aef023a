import type { Forest } from './forest.ts';
import type { PackedTrees } from './packedTrees.ts';

type Numbers = Float64Array | Uint32Array | Uint16Array;

/** The same numbers on a shared buffer; the array itself if it already is on one. */
function onSharedBuffer<Kind extends Numbers>(values: Kind): Kind {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const NumbersOfSameKind = values.constructor as new (buffer: SharedArrayBuffer) => Kind;
  const copy = new NumbersOfSameKind(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

/** The trees with their arrays on shared buffers, so that threads read them without copies of their own. */
export function shareTrees<Trees extends PackedTrees>(trees: Trees): Trees {
  return {
    ...trees,
    edges: onSharedBuffer(trees.edges),
    edgeOffsets: onSharedBuffer(trees.edgeOffsets),
    treeOffsets: onSharedBuffer(trees.treeOffsets),
    nodes: onSharedBuffer(trees.nodes),
    values: onSharedBuffer(trees.values),
    cover: onSharedBuffer(trees.cover),
  };
}

/** As {@link shareTrees}, for a forest with its leaf summaries. */
export function shareForest(forest: Forest): Forest {
  return {
    ...shareTrees(forest),
    leafQuantiles: forest.leafQuantiles && {
      targets: onSharedBuffer(forest.leafQuantiles.targets),
      points: onSharedBuffer(forest.leafQuantiles.points),
    },
  };
}
