import type { DataFormat } from '../dataset/dataset.ts'
import { isName } from '../registry/model.ts'

/** Where a dataset's new files are put: datasets/{dataset}/incoming/{any name}.csv, .jsonl or .parquet. */
const incomingPattern = /^datasets\/([^/]+)\/incoming\/(.*)$/su

/** The dataset of a key among incoming objects; undefined for another key, and for the empty object that shows a folder. */
export const incomingDataset = (key: string): string | undefined => {
  const [, dataset = '', rest = ''] = incomingPattern.exec(key) ?? []
  return isName(dataset) && rest !== '' && !rest.endsWith('/') ? dataset : undefined
}

const endings: Readonly<Record<string, DataFormat>> = {
  csv: 'csv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
}

/** The format that a key's ending names; undefined for another ending. */
export const formatOfKey = (key: string): DataFormat | undefined => {
  const ending = key.slice(key.lastIndexOf('.') + 1).toLowerCase()
  return Object.hasOwn(endings, ending) ? endings[ending] : undefined
}

/** One write of an object, as its event tells it. */
export type Written = {
  readonly key: string
  /** Absent in a bucket without versions. */
  readonly versionId?: string
  /** Orders the writes of one key: hexadecimal, of any length. */
  readonly sequencer: string
  readonly atMs: number
}

const sequencerDigits = 64

/** "Right pad the shorter value with zeros, then compare as text": https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export const sequenceOf = ({ sequencer }: Pick<Written, 'sequencer'>): string =>
  sequencer.toUpperCase().padEnd(sequencerDigits, '0')

/** What became of an object. */
export type Outcome =
  | { readonly kind: 'version'; readonly datasetVersion: number }
  /** The latest version has the same bytes. */
  | { readonly kind: 'same'; readonly datasetVersion: number }
  | { readonly kind: 'refused'; readonly why: string }
  /** A later write of the same key was brought before. */
  | { readonly kind: 'superseded' }

/** The last write of a key that was looked at, with what became of it. */
export type Arrival = {
  readonly dataset: string
  readonly key: string
  readonly versionId?: string
  readonly sequence: string
  readonly atMs: number
  readonly outcome: Outcome
}
