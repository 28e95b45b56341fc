import { randomBytes } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SFNClient } from '@aws-sdk/client-sfn'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Principal } from '../../src/access/principal.ts'
import { type Batch, batchExpires, batchNeed } from '../../src/batch/batch.ts'
import { endUnsplit } from '../../src/batch/conclude.ts'
import type { IdempotencyRecord, Keyed } from '../../src/call/idempotency.ts'
import { PercallError } from '../../src/errors.ts'
import { openReservation } from '../../src/ledger/open-reservation.ts'
import { finishUnsplit, type ReservedSlot } from '../../src/ledger/reservation.ts'
import { runId, runIdRandomBytes } from '../../src/run/run-id.ts'
import { readConsumer } from '../access/consumers.ts'
import { readArtifact } from '../aws/artifacts.ts'
import { ledgerClientConfig } from '../aws/put-outcome.ts'
import type { Table } from '../aws/table.ts'
import { readList, resultLink } from '../calls/batch-files.ts'
import { changeBatch, listBatches, listProgress, putBatch, requireBatch } from '../calls/batches.ts'
import { fingerprint, readRecord } from '../calls/idempotency.ts'
import { findUpload } from '../datasets/uploads.ts'
import { readBalance, settleLease } from '../ledger/balances.ts'
import { readKeySpent } from '../ledger/key-spent.ts'
import { putSlot, readChain } from '../ledger/ledger.ts'
import { putReservation } from '../ledger/reservations.ts'
import { resolveDeployment } from '../registry/deployments.ts'
import { requireKept } from '../registry/version-uses.ts'
import { startNamedExecution, stopNamedExecution } from '../runs/executions.ts'
import { billingHours, keyPorts } from './ledger.ts'
import { billingCurrency, chargedPriceAt, underZone } from './terms.ts'
import { artifacts, objects, registry, setting } from './wiring.ts'

const nowMs = (): number => Date.now()

/** What a batch is before it is admitted: then it gets its id, hour and price. */
export type BatchDraft = Omit<Batch, 'id' | 'reservation' | 'state' | 'createdAtMs' | 'expires'>

const admitted = (draft: BatchDraft, reservation: Batch['reservation']): Batch => ({
  ...draft,
  id: reservation.id,
  reservation,
  state: 'queued',
  createdAtMs: reservation.admittedAtMs,
  expires: batchExpires(reservation.admittedAtMs),
})

/** What the caller's key stands for from then on. */
type Record = { readonly of: (batch: Batch) => IdempotencyRecord; readonly nowMs: number }

const ledger = () => ({
  documents: DynamoDBDocumentClient.from(new DynamoDBClient(ledgerClientConfig), {
    marshallOptions: { removeUndefinedValues: true },
  }),
  table: setting('PERCALL_LEDGER_TABLE'),
})

/** Admits a batch: its chain, its row and the record of the caller's key are one transaction. */
const admitBatch = (table: Table, end: ReturnType<typeof endUnsplit>) => {
  const { hourAt } = billingHours()
  const put = putReservation(table, registry().table)
  const open = openReservation({
    now: nowMs,
    hourAt,
    priceAt: chargedPriceAt(),
    readBalance: readBalance(table),
    readKeySpent: readKeySpent(table),
    readAccount: readConsumer(registry()),
    newId: (ms) => runId(ms, randomBytes(runIdRandomBytes)),
  })
  const keptOrEnded = async (batch: Batch): Promise<void> => {
    try {
      await requireKept(registry())(batch.model, batch.version, nowMs())
    } catch (thrown) {
      // What cannot be read now, its shards read again.
      if (!(thrown instanceof PercallError)) return
      await end(batch, { state: 'failed', failure: { code: thrown.code, cause: thrown.message } })
      throw thrown
    }
  }
  return async (principal: Principal, draft: BatchDraft, record?: Record) => {
    const besides = {
      items: (reservation: Batch['reservation']) => [putBatch(registry(), admitted(draft, reservation))],
      ...(record && {
        record: {
          of: (reservation: Batch['reservation']) => record.of(admitted(draft, reservation)),
          nowMs: record.nowMs,
        },
      }),
    }
    const need = batchNeed(principal, draft.maxCostNano)
    const toReserve = { principal, model: draft.model, origin: 'batch', mostCost: need } as const
    const opened = await open(toReserve, underZone(put(besides)))
    if (opened.kind === 'recorded') return opened
    const batch = admitted(draft, opened.reservation)
    await keptOrEnded(batch)
    return { kind: opened.kind, batch }
  }
}

/** The ports of the batches' routes. */
export const batchPorts = () => {
  const table = registry()
  const place = ledger()
  const slots = {
    putSlot: putSlot<ReservedSlot>(place),
    readChain: readChain<ReservedSlot>(place),
    settleLease: settleLease(place),
  }
  const change = changeBatch(table)
  const end = endUnsplit({ nowMs, changeBatch: change, closeUnsplit: finishUnsplit(slots) })
  const data = { objects: objects(), bucket: setting('PERCALL_DATA_BUCKET') }
  const machine = { executions: new SFNClient({}), machineArn: setting('PERCALL_BATCH_MACHINE_ARN') }
  return {
    ...keyPorts(),
    nowMs,
    currency: billingCurrency(),
    resolve: resolveDeployment({ registry: table, readArtifact: readArtifact(artifacts()), nowMs }),
    findUpload: findUpload(table, data),
    admitBatch: admitBatch(place, end),
    readRecord: (keyed: Keyed) => readRecord(place)(keyed, nowMs()),
    fingerprint,
    requireBatch: requireBatch(table),
    listBatches: listBatches(table),
    listProgress: listProgress(table),
    changeBatch: change,
    endUnsplit: end,
    readList: readList(data),
    resultLink: resultLink(data),
    startExecution: startNamedExecution(machine),
    stopExecution: stopNamedExecution(machine),
  }
}

export type BatchPorts = ReturnType<typeof batchPorts>
