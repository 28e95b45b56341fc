import { createHash, randomBytes } from 'node:crypto'
import { SFNClient } from '@aws-sdk/client-sfn'
import { runId, runIdRandomBytes } from '../../src/run/run-id.ts'
import { findDataset, findDatasetVersion, latestDatasetVersion } from '../datasets/datasets.ts'
import { findArrival, incomingBytes, ingestArrival, keepArrival } from '../runs/arrivals.ts'
import { findDecision, keepDecision, replaceDecision } from '../runs/decisions.ts'
import { startExecution } from '../runs/executions.ts'
import { createRun, findRun, findSameRun } from '../runs/runs.ts'
import { listAllTriggers, moveDue } from '../runs/triggers.ts'
import { functionMemoryMb, objects, registry, setting } from './wiring.ts'

const nowMs = (): number => Date.now()

/** What decides about a reason, and starts its run. */
const considerPorts = () => {
  const table = registry()
  return {
    listTriggers: listAllTriggers(table),
    findDecision: findDecision(table),
    keepDecision: keepDecision(table),
    replaceDecision: replaceDecision(table),
    latestDatasetVersion: latestDatasetVersion(table),
    findDatasetVersion: findDatasetVersion(table),
    findRun: findRun(table),
    findSameRun: findSameRun(table),
    createRun: createRun(table),
    startExecution: startExecution({
      executions: new SFNClient({}),
      machineArn: setting('PERCALL_RUN_MACHINE_ARN'),
    }),
    newRunId: (): string => runId(nowMs(), randomBytes(runIdRandomBytes)),
    hash: (text: string): string => createHash('sha256').update(text).digest('hex'),
    nowMs,
  }
}

/** A new object: its dataset version, and its runs. */
export const onDatasetPorts = () => {
  const table = registry()
  const data = { objects: objects(), bucket: setting('PERCALL_DATA_BUCKET') }
  return {
    ...considerPorts(),
    findArrival: findArrival(table),
    keepArrival: keepArrival(table),
    incomingBytes: incomingBytes(data),
    findDataset: findDataset(table),
    ingestArrival: ingestArrival(table, data, functionMemoryMb(), nowMs),
  }
}

/** What is due. */
export const onSchedulePorts = () => ({ ...considerPorts(), moveDue: moveDue(registry()) })
