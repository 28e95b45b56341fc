import { PercallError } from '../errors.ts'

export const dataFormats = ['csv', 'jsonl', 'parquet'] as const

export type DataFormat = (typeof dataFormats)[number]

/** A named table whose versions are numbered from 1. */
export type Dataset = {
  readonly name: string
  readonly createdAtMs: number
  /** The highest number that was ever given to a version; 0 when there was none. */
  readonly lastVersion: number
}

/** An immutable, numbered state of a dataset. Its bytes lie under datasets/{dataset}/{number}/data. */
export type DatasetVersion = {
  readonly dataset: string
  readonly number: number
  readonly format: DataFormat
  /** sha256 of the file, lower-case hex; absent where it was too large to be read when it came. */
  readonly digest?: string
  readonly sizeBytes: number
  /** Absent where they were not counted when it came. */
  readonly rows?: number
  /** Names, in the file's order; of a large file those that its head tells. */
  readonly columns: readonly string[]
  readonly createdAtMs: number
}

export const datasetKey = (dataset: string, number: number): string => `datasets/${dataset}/${number}/data`

const mediaTypes: Readonly<Record<string, DataFormat>> = {
  'text/csv': 'csv',
  'application/csv': 'csv',
  'application/jsonl': 'jsonl',
  'application/json-lines': 'jsonl',
  'application/x-ndjson': 'jsonl',
  'application/x-jsonlines': 'jsonl',
  'application/vnd.apache.parquet': 'parquet',
  'application/x-parquet': 'parquet',
}

/** The format that a media type names. Throws WRONG_MEDIA_TYPE. */
export const formatOfMediaType = (type: string): DataFormat => {
  const format = Object.hasOwn(mediaTypes, type) ? mediaTypes[type] : undefined
  if (format) return format
  throw new PercallError(
    'WRONG_MEDIA_TYPE',
    `content-type: expected text/csv, application/jsonl, application/vnd.apache.parquet, or application/json with an upload, got ${type || 'none'}`,
  )
}

export const unknownDataset = (name: string, number?: number): PercallError =>
  new PercallError(
    'UNKNOWN_DATASET',
    `dataset ${name}${number === undefined ? '' : ` version ${number}`}: none is kept`,
  )
