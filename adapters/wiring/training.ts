import { createHash } from 'node:crypto'
import type { Architecture } from '../../src/run/engine/engine-sizes.ts'
import { readDataset } from '../datasets/dataset-tables.ts'
import type { DataBucket } from '../datasets/uploads.ts'
import { moveAlias } from '../registry/aliases.ts'
import { findLive } from '../registry/live.ts'
import { findAlias } from '../registry/registry.ts'
import { storeArtifact } from '../registry/removals.ts'
import { publishVersion } from '../registry/versions.ts'
import { deployedEngines } from '../runs/deployed-engines.ts'
import { fitFiles } from '../runs/fit-files.ts'
import {
  findRunJson,
  keepRunBytes,
  keepRunJson,
  putRunBytes,
  putRunJson,
  readRunBytes,
  readRunJson,
} from '../runs/run-artifacts.ts'
import { endRun, enterStep, notify, reportProgress, requireOpen, tellEngine } from '../runs/run-steps.ts'
import { changeRun, findRun } from '../runs/runs.ts'
import { artifacts, functionMemoryMb, objects, registry, setting, settingOr } from './wiring.ts'

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

/** What plan needs besides: where runs may be fitted here. */
export const planningPorts = () => ({
  ...trainingPorts(),
  tellEngine: tellEngine(registry(), () => Date.now()),
  deployed: {
    engines: deployedEngines(),
    architecture: settingOr('PERCALL_ARCHITECTURE', 'arm64') as Architecture, // infra/settings.ts allows no other
    lambdaMb: Number(settingOr('PERCALL_FIT_MEMORY_MB', '3538')),
  },
})

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
