import type { DataFormat, Dataset, DatasetVersion } from '../dataset/dataset.ts'
import { unknownDataset } from '../dataset/dataset.ts'
import { PercallError } from '../errors.ts'
import { type Arrival, formatOfKey, type Outcome, sequenceOf, type Written } from './arrival.ts'

type Source = { readonly key: string; readonly versionId?: string; readonly sizeBytes: number }

type Brought = { readonly version: DatasetVersion; readonly isNew: boolean }

export type BringPorts = {
  readonly findArrival: (dataset: string, key: string) => Promise<Arrival | undefined>
  /** False where this write of the key, or a later one, was kept before. */
  readonly keepArrival: (arrival: Arrival) => Promise<boolean>
  /** The size of a write's bytes; undefined where the object was deleted since. */
  readonly incomingBytes: (written: Written) => Promise<number | undefined>
  readonly findDataset: (name: string) => Promise<Dataset | undefined>
  /** Makes a version together with its arrival, in one transaction; undefined where the arrival could not be kept. */
  readonly ingestArrival: (
    dataset: string,
    format: DataFormat,
    source: Source,
    arrivalOf: (version: DatasetVersion) => Arrival,
  ) => Promise<Brought | undefined>
}

const firstServerFault = 500

/** A refusal's own words; a fault is thrown on, so that the event comes again. */
const refusal = (thrown: unknown): Outcome => {
  if (thrown instanceof PercallError && thrown.status < firstServerFault)
    return { kind: 'refused', why: thrown.message }
  throw thrown
}

const fromArrival = (arrival: Arrival, sequence: string): Arrival | undefined => {
  if (arrival.sequence === sequence) return arrival
  return arrival.sequence > sequence ? { ...arrival, sequence, outcome: { kind: 'superseded' } } : undefined
}

/**
 * Makes a dataset version of one write of an object, once however often and in whatever order events tell of it, and
 * answers what became of it. A refused file makes none.
 */
export const bring =
  (ports: BringPorts) =>
  async (dataset: string, written: Written): Promise<Arrival> => {
    const { key, versionId, atMs } = written
    const sequence = sequenceOf(written)
    for (;;) {
      const before = await ports.findArrival(dataset, key)
      const known = before && fromArrival(before, sequence)
      if (known) return known.outcome.kind === 'superseded' ? { ...known, ...writeOf(written) } : known
      const arrivalOf = (outcome: Outcome): Arrival => {
        return { dataset, key, ...(versionId !== undefined && { versionId }), sequence, atMs, outcome }
      }
      const made = await take(ports, dataset, written, arrivalOf)
      if (made) return made
    }
  }

const writeOf = ({ versionId, atMs }: Written) => ({ ...(versionId !== undefined && { versionId }), atMs })

/** The arrival that was kept; undefined where another process kept this write, or a later one, meanwhile. */
const take = async (
  ports: BringPorts,
  dataset: string,
  written: Written,
  arrivalOf: (outcome: Outcome) => Arrival,
): Promise<Arrival | undefined> => {
  const keep = async (outcome: Outcome): Promise<Arrival | undefined> => {
    const arrival = arrivalOf(outcome)
    return (await ports.keepArrival(arrival)) ? arrival : undefined
  }
  const refused = (why: string) => keep({ kind: 'refused', why })
  const sizeBytes = await ports.incomingBytes(written)
  if (sizeBytes === undefined) return refused('object: it was deleted before it was read')
  const format = formatOfKey(written.key)
  if (!format) return refused('object: expected a name that ends in .csv, .jsonl or .parquet')
  if (!(await ports.findDataset(dataset))) return refused(`${unknownDataset(dataset).message}; make it first`)
  const made = (version: DatasetVersion) => arrivalOf({ kind: 'version', datasetVersion: version.number })
  const source = {
    key: written.key,
    ...(written.versionId !== undefined && { versionId: written.versionId }),
    sizeBytes,
  }
  try {
    const brought = await ports.ingestArrival(dataset, format, source, made)
    if (!brought) return undefined
    return brought.isNew ? made(brought.version) : keep({ kind: 'same', datasetVersion: brought.version.number })
  } catch (thrown) {
    return keep(refusal(thrown))
  }
}
