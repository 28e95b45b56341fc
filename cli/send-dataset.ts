import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { Client } from '../client/client.ts'
import { addDatasetVersion, type DatasetVersionBody } from '../client/training.ts'
import { wrongUsage } from './failure.ts'
import { requireUtf8 } from './utf8-text.ts'

const typeByExtension: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.tsv': 'text/csv',
  '.txt': 'text/csv',
  '.jsonl': 'application/jsonl',
  '.ndjson': 'application/jsonl',
  '.parquet': 'application/vnd.apache.parquet',
}

/** Sends a file as the next version of a dataset. */
export const sendDataset = async (client: Client, dataset: string, file: string): Promise<DatasetVersionBody> => {
  const contentType = typeByExtension[extname(file).toLowerCase()]
  if (contentType === undefined)
    throw wrongUsage(`${file}: expected a file that ends in ${Object.keys(typeByExtension).join(', ')}`)
  if (!contentType.includes('parquet')) requireUtf8(file)
  return await addDatasetVersion(client, dataset, contentType, readFileSync(file))
}
