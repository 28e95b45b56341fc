import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { datasetKey, unknownDataset } from '../../src/dataset/dataset.ts'
import type { Table as DataTable } from '../../src/dataset/profile.ts'
import type { Table } from '../aws/table.ts'
import { download, inFolder, readFrame } from '../frames/frames.ts'
import { threadsFor } from '../sessions/threads.ts'
import { findDatasetVersion } from './datasets.ts'
import type { DataBucket } from './uploads.ts'

/** What DuckDB may use of a function. */
export const machineOf = (memoryMb: number) => ({
  memoryMb,
  threads: Math.min(threadsFor(memoryMb), availableParallelism()),
})

/** A dataset version as a table, by way of a file of this machine. Throws UNKNOWN_DATASET, BAD_TABLE. */
export const readDataset =
  (registry: Table, data: DataBucket, memoryMb: number) =>
  async (dataset: string, number: number): Promise<DataTable> => {
    const version = await findDatasetVersion(registry)(dataset, number)
    if (!version) throw unknownDataset(dataset, number)
    return inFolder(async (folder) => {
      const file = join(folder, 'data')
      await download(data)({ key: datasetKey(dataset, number) }, file)
      return readFrame(machineOf(memoryMb))(file, version.format)
    })
  }
