import { ClvError } from '../../errors.ts';
import type { Forest } from '../forest.ts';
import { leafLimit, treeCount } from '../packedTrees.ts';
import { ProtobufWriter } from './protobufWriter.ts';

/** Element types of ONNX tensors. */
const onnxFloat = 1;
const onnxDouble = 11;
/** Kinds of ONNX attributes. */
const attributeKind = { integer: 2, text: 3, tensor: 4, integers: 7, texts: 8 } as const;
const irVersion = 8;
const mlOpset = 3;
const baseOpset = 17;

/**
 * The forest as an ONNX model: one `ai.onnx.ml` TreeEnsembleRegressor (version 3) with thresholds and leaf values in
 * double precision.
 *
 * Input `features`: double, rows x features, in the order of `featureNames`, NaN where a value is missing. Output
 * `prediction`: float, rows x 1. The operator has no wider output, so predictions agree with `predictRows` to about
 * seven digits.
 *
 * @returns the bytes of an `.onnx` file.
 * @throws ClvError `FOREST_WITHOUT_FEATURES`: ONNX has no input of no columns.
 */
export function toOnnx(forest: Forest): Uint8Array {
  const { featureNames } = forest;
  if (featureNames.length === 0) {
    throw new ClvError('FOREST_WITHOUT_FEATURES', 'A forest without features cannot be exported to ONNX.', {
      remedy: 'Train the forest on at least one feature.',
    });
  }
  const node = new ProtobufWriter()
    .bytes(1, 'features')
    .bytes(2, 'prediction')
    .bytes(4, 'TreeEnsembleRegressor');
  for (const attribute of ensembleAttributes(forest)) node.bytes(5, attribute);
  node.bytes(7, 'ai.onnx.ml');
  const graph = new ProtobufWriter()
    .bytes(1, node)
    .bytes(2, 'forest')
    .bytes(11, tensorInfo('features', onnxDouble, featureNames.length))
    .bytes(12, tensorInfo('prediction', onnxFloat, 1));
  return new ProtobufWriter()
    .integer(1, irVersion)
    .bytes(2, 'clv-horizon')
    .bytes(7, graph)
    .bytes(8, new ProtobufWriter().bytes(1, 'ai.onnx.ml').integer(2, mlOpset))
    .bytes(8, new ProtobufWriter().bytes(1, '').integer(2, baseOpset))
    .bytes(14, new ProtobufWriter().bytes(1, 'feature_names').bytes(2, JSON.stringify(featureNames)))
    .finish();
}

/** The nodes of all trees, one attribute for each property of a node, as the operator expects them. */
function ensembleAttributes(forest: Forest): ProtobufWriter[] {
  const { nodes, values, edges, edgeOffsets, treeOffsets } = forest;
  const size = values.length;
  const treeIds = new Uint32Array(size);
  const nodeIds = new Uint32Array(size);
  const featureIds = new Uint32Array(size);
  const trueIds = new Uint32Array(size);
  const falseIds = new Uint32Array(size);
  const missingTrue = new Uint32Array(size);
  const thresholds = new Float64Array(size);
  const modes: string[] = [];
  const leafTrees: number[] = [];
  const leafIds: number[] = [];
  const leafValues: number[] = [];
  for (let tree = 0; tree < treeCount(forest); tree++) {
    for (let at = treeOffsets[tree]; at < treeOffsets[tree + 1]; at++) {
      const id = at - treeOffsets[tree];
      const left = nodes[2 * at];
      const rule = nodes[2 * at + 1];
      treeIds[at] = tree;
      nodeIds[at] = id;
      if (left === id) {
        modes.push('LEAF');
        leafTrees.push(tree);
        leafIds.push(id);
        leafValues.push(values[at]);
        continue;
      }
      modes.push('BRANCH_LEQ');
      const feature = rule >>> 17;
      const edge = edgeOffsets[feature] + (rule & leafLimit) - ((rule >>> 16) & 1);
      featureIds[at] = feature;
      thresholds[at] = edge === edgeOffsets[feature + 1] ? Number.POSITIVE_INFINITY : edges[edge];
      trueIds[at] = left;
      falseIds[at] = left + 1;
      missingTrue[at] = (rule >>> 16) & 1;
    }
  }
  return [
    textAttribute('aggregate_function', 'AVERAGE'),
    textAttribute('post_transform', 'NONE'),
    new ProtobufWriter().bytes(1, 'n_targets').integer(3, 1).integer(20, attributeKind.integer),
    integersAttribute('nodes_treeids', treeIds),
    integersAttribute('nodes_nodeids', nodeIds),
    integersAttribute('nodes_featureids', featureIds),
    textsAttribute('nodes_modes', modes),
    tensorAttribute('nodes_values_as_tensor', thresholds),
    integersAttribute('nodes_truenodeids', trueIds),
    integersAttribute('nodes_falsenodeids', falseIds),
    integersAttribute('nodes_missing_value_tracks_true', missingTrue),
    integersAttribute('target_treeids', leafTrees),
    integersAttribute('target_nodeids', leafIds),
    integersAttribute('target_ids', new Uint32Array(leafIds.length)),
    tensorAttribute('target_weights_as_tensor', Float64Array.from(leafValues)),
  ];
}

function textAttribute(name: string, text: string): ProtobufWriter {
  return new ProtobufWriter().bytes(1, name).bytes(4, text).integer(20, attributeKind.text);
}

function textsAttribute(name: string, texts: readonly string[]): ProtobufWriter {
  const attribute = new ProtobufWriter().bytes(1, name);
  for (const text of texts) attribute.bytes(9, text);
  return attribute.integer(20, attributeKind.texts);
}

function integersAttribute(name: string, values: ArrayLike<number>): ProtobufWriter {
  return new ProtobufWriter().bytes(1, name).integers(8, values).integer(20, attributeKind.integers);
}

function tensorAttribute(name: string, values: Float64Array): ProtobufWriter {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const tensor = new ProtobufWriter()
    .integer(1, values.length)
    .integer(2, onnxDouble)
    .bytes(8, name)
    .bytes(9, raw);
  return new ProtobufWriter().bytes(1, name).bytes(5, tensor).integer(20, attributeKind.tensor);
}

/** A tensor of any number of rows. */
function tensorInfo(name: string, elementType: number, columns: number): ProtobufWriter {
  const shape = new ProtobufWriter()
    .bytes(1, new ProtobufWriter().bytes(2, 'rows'))
    .bytes(1, new ProtobufWriter().integer(1, columns));
  const tensor = new ProtobufWriter().integer(1, elementType).bytes(2, shape);
  return new ProtobufWriter().bytes(1, name).bytes(2, new ProtobufWriter().bytes(1, tensor));
}
