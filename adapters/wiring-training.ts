import { createHash } from 'node:crypto'
import { moveAlias } from './aliases.ts'
import { readDataset } from './dataset-tables.ts'
import { fitFiles } from './fit-files.ts'
import { findLive } from './live.ts'
import { findAlias } from './registry.ts'
import { storeArtifact } from './removals.ts'
import {
  findRunJson,
  keepRunBytes,
  keepRunJson,
  putRunBytes,
  putRunJson,
  readRunBytes,
  readRunJson,
} from './run-artifacts.ts'
import { endRun, enterStep, notify, reportProgress, requireOpen } from './run-steps.ts'
import { changeRun, findRun } from './runs.ts'
import type { DataBucket } from './uploads.ts'
import { publishVersion } from './versions.ts'
import { artifacts, functionMemoryMb, objects, registry, setting } from './wiring.ts'

const dataBucket = (): DataBucket => ({ objects: objects(), bucket: setting('PERCALL_DATA_BUCKET') })

/** What every state of a run needs: the run's row and its artifacts. DuckDB is loaded by the first file that is read. */
export const trainingPorts = () => {
  const table = registry()
  const data = dataBucket()
  const nowMs = (): number => Date.now()
  return {
    nowMs,
    sha256: (text: string): Uint8Array => createHash('sha256').update(text).digest(),
    sha256Hex: (text: string): string => createHash('sha256').update(text).digest('hex'),
    findRun: findRun(table),
    changeRun: changeRun(table),
    enterStep: enterStep(table, nowMs),
    requireOpen: requireOpen(table),
    reportProgress: reportProgress(table, nowMs),
    endRun: endRun(table, nowMs),
    notify: notify(table, nowMs),
    readDataset: readDataset(table, data, functionMemoryMb()),
    readBytes: readRunBytes(data),
    readJson: readRunJson(data),
    putBytes: putRunBytes(data),
    putJson: putRunJson(data),
    findJson: findRunJson(data),
    keepJson: keepRunJson(data),
    keepBytes: keepRunBytes(data),
    fitFiles: fitFiles(data),
  }
}

export type TrainingPorts = ReturnType<typeof trainingPorts>

/** What inspect needs besides: the codec of the live version. */
export const inspectionPorts = () => ({ ...trainingPorts(), findLive: findLive(registry(), artifacts()) })

/** What register and promote need besides. */
export const publishingPorts = () => {
  const table = registry()
  return {
    ...trainingPorts(),
    storeArtifact: storeArtifact({ registry: table, artifacts: artifacts() }),
    publishVersion: publishVersion(table),
    findAlias: findAlias(table),
    moveAlias: moveAlias(table),
  }
}
