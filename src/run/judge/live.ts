import { columnsToTensors } from '../../dataset/codec.ts'
import type { Table } from '../../dataset/profile.ts'
import { PercallError } from '../../errors.ts'
import { isTabular, type Manifest, type TabularManifest } from '../../registry/manifest.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { answerNames, answersOf } from '../answers.ts'
import { columnsOf, type Prepared, testPart } from '../prepared.ts'
import type { RunSpec } from '../spec.ts'
import { incomparable, type Live } from './judge.ts'

export type LiveVersion = {
  /** `name/3` */
  readonly version: string
  readonly manifest?: Manifest
  readonly readModel: () => Promise<Uint8Array>
}

export type RunGraph = (
  bytes: Uint8Array,
  inputs: readonly Tensor[],
  outputs: readonly string[],
  rowsPerRun?: number,
) => Promise<readonly Tensor[]>

export type LivePorts = {
  readonly findLive: (model: string) => Promise<LiveVersion | undefined>
  readonly readDataset: (dataset: string, version: number) => Promise<Table>
  readonly runGraph: RunGraph
}

/** What the live version answers on the test rows, read by its own codec from the same file. */
export const askLive =
  ({ findLive, readDataset, runGraph }: LivePorts) =>
  async (spec: RunSpec, prepared: Prepared): Promise<Live> => {
    const live = spec.gate === 'none' ? undefined : await findLive(spec.model)
    if (!live) return { kind: 'none' }
    const { version, manifest } = live
    const reason = incomparable(spec, version, manifest, prepared)
    if (!manifest || !isTabular(manifest) || reason !== undefined)
      return { kind: 'not comparable', reason: reason ?? version }
    const { rows } = testPart(prepared)
    if (rows.length === 0)
      return { kind: 'predictions', predictions: { values: { rows: 0, columns: 1, values: new Float64Array() } } }
    const table = await readDataset(spec.dataset, spec.datasetVersion)
    const read = readByCodec(manifest, table, rows)
    if (typeof read === 'string') return { kind: 'not comparable', reason: `${version} cannot read the rows: ${read}` }
    const outputs = await runGraph(await live.readModel(), read, answerNames(manifest), manifest.rowsPerRun)
    return { kind: 'predictions', predictions: answersOf(manifest, outputs) }
  }

/** The inputs, or why a column no longer fits. */
const readByCodec = (manifest: TabularManifest, table: Table, rows: Uint32Array): readonly Tensor[] | string => {
  try {
    return columnsToTensors(manifest.codec, columnsOf(table, rows))
  } catch (thrown) {
    if (thrown instanceof PercallError) return thrown.message
    throw thrown
  }
}
