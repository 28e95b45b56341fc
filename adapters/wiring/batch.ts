import { randomUUID } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Batch } from '../../src/batch/batch.ts'
import { concludeBatch } from '../../src/batch/conclude.ts'
import { chargeSlot, finishReservation, fixShards, type ReservedSlot } from '../../src/ledger/reservation.ts'
import { readArtifact } from '../aws/artifacts.ts'
import { ledgerClientConfig } from '../aws/put-outcome.ts'
import { findPlan, findResult, fixPlan, keepResult, mergeResults, readLines } from '../calls/batch-files.ts'
import { changeBatch, listProgress, putProgress, requireBatch } from '../calls/batches.ts'
import { machineOf } from '../datasets/dataset-tables.ts'
import type { DataBucket } from '../datasets/uploads.ts'
import { settleLease } from '../ledger/balances.ts'
import { putSlot, readChain } from '../ledger/ledger.ts'
import { resolveDeployment } from '../registry/deployments.ts'
import { splitFile } from '../runs/split-file.ts'
import { artifacts, functionMemoryMb, objects, registry, setting } from './wiring.ts'

const dataBucket = (): DataBucket => ({ objects: objects(), bucket: setting('PERCALL_DATA_BUCKET') })

const slotPorts = () => {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(ledgerClientConfig))
  const ledger = { documents, table: setting('PERCALL_LEDGER_TABLE') }
  return {
    putSlot: putSlot<ReservedSlot>(ledger),
    readChain: readChain<ReservedSlot>(ledger),
    settleLease: settleLease(ledger),
    newId: randomUUID,
  }
}

const nowMs = (): number => Date.now()

/** The version that a batch was admitted with. */
const resolveBatch = () => {
  const resolve = resolveDeployment({ registry: registry(), readArtifact: readArtifact(artifacts()), nowMs })
  return ({ model, version }: Batch) => resolve({ kind: 'version', model, number: version })
}

/** What splits a file. DuckDB is loaded by the first table that is read. */
export const splitPorts = () => {
  const data = dataBucket()
  return {
    requireBatch: requireBatch(registry()),
    changeBatch: changeBatch(registry()),
    resolve: resolveBatch(),
    findPlan: findPlan(data),
    fixPlan: fixPlan(data),
    splitFile: splitFile(data, machineOf(functionMemoryMb())),
    fixShards: fixShards(slotPorts()),
  }
}

/** What answers or gives up a shard. */
export const shardPorts = () => {
  const data = dataBucket()
  return {
    nowMs,
    requireBatch: requireBatch(registry()),
    resolve: resolveBatch(),
    findPlan: findPlan(data),
    findResult: findResult(data),
    keepResult: keepResult(data),
    readLines: readLines(data),
    chargeSlot: chargeSlot(slotPorts()),
    putProgress: putProgress(registry()),
  }
}

/** What ends a batch. */
export const batchEndingPorts = () => {
  const data = dataBucket()
  return {
    requireBatch: requireBatch(registry()),
    conclude: concludeBatch({
      nowMs,
      close: finishReservation(slotPorts()),
      findPlan: findPlan(data),
      listProgress: listProgress(registry()),
      findResult: findResult(data),
      mergeResults: mergeResults(data),
      changeBatch: changeBatch(registry()),
    }),
  }
}
