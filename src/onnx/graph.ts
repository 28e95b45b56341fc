import type { Datatype, TensorData } from '../tensor/tensor.ts'

/** An attribute value: `int` and `ints` are INT, plain numbers would be ambiguous. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }

export type NodeOptions = {
  readonly attributes?: Readonly<Record<string, Attribute>>
  readonly domain?: '' | 'ai.onnx.ml'
  /** The name of the node's single output; by default a new one. */
  readonly output?: string
}

/** A graph under construction. Names of values are strings; the same calls give the same bytes. */
export type Graph = {
  readonly input: (name: string, datatype: Datatype, shape: readonly number[]) => string
  readonly constant: (datatype: Datatype, shape: readonly number[], data: TensorData) => string
  readonly node: (operator: string, inputs: readonly string[], options?: NodeOptions) => string
  readonly output: (name: string, datatype: Datatype, shape: readonly number[]) => string
  /** model.onnx: opset 21, ai.onnx.ml 5, IR 10; no time, id or path. */
  readonly toBytes: () => Uint8Array
}

export declare const createGraph: (name: string) => Graph
