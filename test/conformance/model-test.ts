import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import { elementTypes } from '../../src/onnx/datatype.ts'
import { type GraphProto, ModelProtoSchema, type ValueInfoProto } from '../../src/onnx/proto/generated/onnx_pb.js'
import { readValue, type Value } from './value.ts'

/** Where Debian's libonnx-testdata lies. */
export const packageFolder = '/usr/share/libonnx-testdata/data'

/** One model with its data sets. */
export type ModelTest = {
  readonly name: string
  readonly bytes: Uint8Array
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Types of inputs and outputs that are no tensors, such as `output y: sequenceType`. */
  readonly foreign: readonly string[]
  readonly sets: readonly { readonly inputs: readonly Value[]; readonly outputs: readonly Value[] }[]
}

/** Folders of all models of the package, sorted. */
export const listModels = (): readonly string[] =>
  readdirSync(packageFolder)
    .flatMap((kind) => readdirSync(join(packageFolder, kind)).map((name) => join(packageFolder, kind, name)))
    .filter((folder) => existsSync(join(folder, 'model.onnx')))
    .sort()

const foreignOf = (side: string, values: readonly ValueInfoProto[]): readonly string[] =>
  values
    .filter(({ type }) => type?.value.case !== 'tensorType')
    .map(({ name, type }) => `${side} ${name}: ${type?.value.case}`)

// Before IR 4 initializers were listed as inputs too.
const ownInputs = ({ input, initializer }: GraphProto): readonly ValueInfoProto[] => {
  const initialized = new Set(initializer.map(({ name }) => name))
  return input.filter(({ name }) => !initialized.has(name))
}

const numbered = (folder: string, side: string, count: number): readonly Uint8Array[] =>
  Array.from({ length: count }, (_, i) => join(folder, `${side}_${i}.pb`))
    .filter(existsSync)
    .map((file) => readFileSync(file))

/** NumPy has no bfloat16: the package's data files hold its bits as UINT16. */
const asDeclared = (value: Value | undefined, info: ValueInfoProto | undefined): Value | undefined => {
  const isBfloat16 = info?.type?.value.case === 'tensorType' && info.type.value.value.elemType === elementTypes.BF16
  return isBfloat16 && value?.datatype === 'UINT16' ? { ...value, datatype: 'BF16' } : value
}

/** Reads a folder of the package. Data sets are read only where all inputs and outputs are tensors that the protocol has. */
export const readModelTest = (folder: string): ModelTest => {
  const bytes = readFileSync(join(folder, 'model.onnx'))
  const { graph } = fromBinary(ModelProtoSchema, bytes)
  if (!graph) throw new Error(`${folder}: expected a graph`)
  const inputs = ownInputs(graph)
  const foreign = [...foreignOf('input', inputs), ...foreignOf('output', graph.output)]
  const folders = readdirSync(folder).filter((name) => name.startsWith('test_data_set_'))
  const read = (set: string, side: string, values: readonly ValueInfoProto[]): readonly (Value | undefined)[] =>
    foreign.length > 0
      ? []
      : numbered(join(folder, set), side, values.length).map((file, i) => asDeclared(readValue(file), values[i]))
  const sets = folders.map((set) => ({
    inputs: read(set, 'input', inputs),
    outputs: read(set, 'output', graph.output),
  }))
  const strange = sets.some((set) => [...set.inputs, ...set.outputs].includes(undefined))
  return {
    name: basename(folder),
    bytes,
    inputs: inputs.map(({ name }) => name),
    outputs: graph.output.map(({ name }) => name),
    foreign: strange ? ['a datatype that the protocol does not have'] : foreign,
    sets: strange ? [] : (sets as ModelTest['sets']), // nothing undefined is left
  }
}
