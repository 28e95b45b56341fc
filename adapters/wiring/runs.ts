import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { SFNClient } from '@aws-sdk/client-sfn'
import { runId, runIdRandomBytes } from '../../src/run/run-id.ts'
import {
  createDataset,
  findDataset,
  findDatasetVersion,
  latestDatasetVersion,
  listDatasets,
  listDatasetVersions,
} from '../datasets/datasets.ts'
import { ingestDataset } from '../datasets/ingest.ts'
import { createUpload, findUpload } from '../datasets/uploads.ts'
import { deployedEngines } from '../runs/deployed-engines.ts'
import { startExecution, stopExecution } from '../runs/executions.ts'
import { endRun } from '../runs/run-steps.ts'
import { createRun, listRunEvents, listRuns, requireRun } from '../runs/runs.ts'
import { functionMemoryMb, objects, registry, setting } from './wiring.ts'

/** Datasets, uploads and runs as the control plane reads and starts them. */
export const runPorts = () => {
  const table = registry()
  const data = { objects: objects(), bucket: setting('PERCALL_DATA_BUCKET') }
  const machine = { executions: new SFNClient({}), machineArn: setting('PERCALL_RUN_MACHINE_ARN') }
  const nowMs = (): number => Date.now()
  return {
    findDataset: findDataset(table),
    findDatasetVersion: findDatasetVersion(table),
    latestDatasetVersion: latestDatasetVersion(table),
    listDatasets: listDatasets(table),
    listDatasetVersions: listDatasetVersions(table),
    createDataset: createDataset(table),
    ingestDataset: ingestDataset(table, data, functionMemoryMb(), nowMs),
    createUpload: createUpload(table, data),
    findUpload: findUpload(table, data),
    createRun: createRun(table),
    requireRun: requireRun(table),
    listRuns: listRuns(table),
    listRunEvents: listRunEvents(table),
    endRun: endRun(table, nowMs),
    startExecution: startExecution(machine),
    stopExecution: stopExecution(machine),
    newUploadId: (): string => randomUUID(),
    newRunId: (): string => runId(nowMs(), randomBytes(runIdRandomBytes)),
    engines: deployedEngines(),
    hash: (text: string): string => createHash('sha256').update(text).digest('hex'),
  }
}
