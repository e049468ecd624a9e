import {
  type Attribute,
  type Dim,
  type ElementType,
  encodeModel,
  type InlineTensor,
  type OnnxNode,
  type OnnxValue,
  type WeightRef,
} from './onnx.js';

/** A value's name inside a graph. */
export type Value = string;

const MICROSOFT = 'com.microsoft';

/** Collects nodes, small constants and references to weights, in the order they are asked for (which is a valid execution order). */
export class GraphBuilder {
  private readonly nodes: OnnxNode[] = [];
  private readonly inputs: OnnxValue[] = [];
  private readonly outputs: OnnxValue[] = [];
  private readonly inline = new Map<string, InlineTensor>();
  private readonly external = new Map<string, WeightRef>();
  private counter = 0;

  constructor(
    private readonly name: string,
    private readonly weightFile: string,
  ) {}

  input(name: string, type: ElementType, dims: readonly Dim[]): Value {
    this.inputs.push({ name, type, dims });
    return name;
  }

  /** Declares an existing value as an output of the graph; its name is the output's name. */
  output(value: Value, type: ElementType, dims: readonly Dim[]): void {
    this.outputs.push({ name: value, type, dims });
  }

  /** Adds a node of the standard domain with one output, which gets `as` for its name if given. */
  op(op: string, inputs: readonly Value[], attributes: Record<string, Attribute> = {}, as?: string): Value {
    const name = as ?? this.fresh(op);
    this.nodes.push({ op, domain: '', inputs, outputs: [name], attributes });
    return name;
  }

  /** The same for onnxruntime's own operators. */
  msOp(op: string, inputs: readonly Value[], attributes: Record<string, Attribute> = {}, as?: string): Value {
    const name = as ?? this.fresh(op);
    this.nodes.push({ op, domain: MICROSOFT, inputs, outputs: [name], attributes });
    return name;
  }

  split(value: Value, sizes: readonly number[], axis: number, names: readonly (string | undefined)[] = []): Value[] {
    return this.splitBy(value, this.ints(sizes), sizes.length, axis, names);
  }

  /** Split with sizes that are only known when the graph runs. */
  splitBy(
    value: Value,
    sizes: Value,
    count: number,
    axis: number,
    names: readonly (string | undefined)[] = [],
  ): Value[] {
    const outputs = Array.from({ length: count }, (_, i) => names[i] ?? this.fresh('Split'));
    this.nodes.push({ op: 'Split', domain: '', inputs: [value, sizes], outputs, attributes: { axis: { int: axis } } });
    return outputs;
  }

  topK(value: Value, k: Value, axis: number): { values: Value; indices: Value } {
    const values = this.fresh('TopK');
    const indices = this.fresh('TopK');
    const attributes = { axis: { int: axis }, largest: { int: 1 }, sorted: { int: 1 } };
    this.nodes.push({ op: 'TopK', domain: '', inputs: [value, k], outputs: [values, indices], attributes });
    return { values, indices };
  }

  reshape(value: Value, shape: readonly number[], as?: string): Value {
    return this.op('Reshape', [value, this.ints(shape)], {}, as);
  }

  transpose(value: Value, perm: readonly number[], as?: string): Value {
    return this.op('Transpose', [value], { perm: { ints: perm } }, as);
  }

  cast(value: Value, to: number, as?: string): Value {
    return this.op('Cast', [value], { to: { int: to } }, as);
  }

  weight(ref: WeightRef): Value {
    this.external.set(ref.name, ref);
    return ref.name;
  }

  /** A 1-D int64 constant: shapes, axes, split sizes. */
  ints(values: readonly number[]): Value {
    return this.constant('int64', [values.length], BigInt64Array.from(values.map(BigInt)));
  }

  float(value: number): Value {
    return this.constant('float32', [], Float32Array.of(value));
  }

  /** A small constant that lives in the graph itself; equal ones are kept once. */
  constant(type: ElementType, dims: readonly number[], values: ArrayBufferView): Value {
    const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const key = `${type}[${dims.join(',')}]:${Buffer.from(data).toString('base64')}`;
    let tensor = this.inline.get(key);
    if (!tensor) {
      tensor = { name: this.fresh('const'), type, dims, data };
      this.inline.set(key, tensor);
    }
    return tensor.name;
  }

  encode(producerVersion: string): Uint8Array {
    return encodeModel(
      {
        name: this.name,
        inputs: this.inputs,
        outputs: this.outputs,
        nodes: this.nodes,
        inline: [...this.inline.values()],
        external: [...this.external.values()],
        weightFile: this.weightFile,
      },
      producerVersion,
    );
  }

  private fresh(op: string): string {
    this.counter += 1;
    return `${op}_${this.counter}`;
  }
}
