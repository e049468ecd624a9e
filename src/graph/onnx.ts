import { WireWriter } from './wire.js';

/** Element types by their number in ONNX's TensorProto. */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 } as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

export type Dim = number | string;

/** A tensor's bytes in the file that holds all of a model's weights. */
export interface WeightRef {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly offset: number;
  readonly length: number;
}

export interface InlineTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: Uint8Array;
}

export type Attribute = { int: number } | { float: number } | { ints: readonly number[] };

export interface OnnxNode {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly Dim[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly inline: readonly InlineTensor[];
  readonly external: readonly WeightRef[];
  /** The weight file's name, in the same folder as the graph. */
  readonly weightFile: string;
}

const IR_VERSION = 10;
const OPSET = 21;
const MICROSOFT = 'com.microsoft';

/** Serializes a graph as ModelProto; field numbers are those of onnx.proto3. */
export function encodeModel(graph: OnnxGraph, producerVersion: string): Uint8Array {
  const model = new WireWriter();
  model.int(1, IR_VERSION);
  model.string(2, 'precis');
  model.string(3, producerVersion);
  for (const [domain, version] of [
    ['', OPSET],
    [MICROSOFT, 1],
  ] as const) {
    model.message(8, (opset) => {
      opset.string(1, domain);
      opset.int(2, version);
    });
  }
  model.message(7, (body) => {
    for (const node of graph.nodes) body.message(1, (out) => encodeNode(out, node));
    body.string(2, graph.name);
    for (const tensor of graph.inline) {
      body.message(5, (out) => {
        encodeTensorHead(out, tensor);
        out.bytes(9, tensor.data);
      });
    }
    for (const ref of graph.external) {
      body.message(5, (out) => {
        encodeTensorHead(out, ref);
        const entries = [
          ['location', graph.weightFile],
          ['offset', String(ref.offset)],
          ['length', String(ref.length)],
        ] as const;
        for (const [key, value] of entries) {
          out.message(13, (entry) => {
            entry.string(1, key);
            entry.string(2, value);
          });
        }
        out.int(14, 1);
      });
    }
    for (const value of graph.inputs) body.message(11, (out) => encodeValue(out, value));
    for (const value of graph.outputs) body.message(12, (out) => encodeValue(out, value));
  });
  return model.finish();
}

function encodeTensorHead(out: WireWriter, tensor: { name: string; type: ElementType; dims: readonly number[] }): void {
  out.packedInts(1, tensor.dims);
  out.int(2, ELEMENT_TYPES[tensor.type]);
  out.string(8, tensor.name);
}

function encodeNode(out: WireWriter, node: OnnxNode): void {
  for (const name of node.inputs) out.string(1, name);
  for (const name of node.outputs) out.string(2, name);
  out.string(3, `${node.op}:${node.outputs[0]}`);
  out.string(4, node.op);
  for (const [name, value] of Object.entries(node.attributes)) {
    out.message(5, (attribute) => {
      attribute.string(1, name);
      if ('int' in value) {
        attribute.int(3, value.int);
        attribute.int(20, 2);
      } else if ('float' in value) {
        attribute.float(2, value.float);
        attribute.int(20, 1);
      } else {
        for (const item of value.ints) attribute.int(8, item);
        attribute.int(20, 7);
      }
    });
  }
  if (node.domain) out.string(7, node.domain);
}

function encodeValue(out: WireWriter, value: OnnxValue): void {
  out.string(1, value.name);
  out.message(2, (type) => {
    type.message(1, (tensor) => {
      tensor.int(1, ELEMENT_TYPES[value.type]);
      tensor.message(2, (shape) => {
        for (const dim of value.dims) {
          shape.message(1, (out) => {
            if (typeof dim === 'number') out.int(1, dim);
            else out.string(2, dim);
          });
        }
      });
    });
  });
}
