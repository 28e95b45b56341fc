import { randomBytes, randomUUID } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type AsyncCall, isOverdue } from '../../src/call/async-call.ts'
import { mostResponseBytes } from '../../src/call/gateway-size.ts'
import type { Keyed } from '../../src/call/idempotency.ts'
import { notTaken, openCall, unknownStart } from '../../src/call/open-call.ts'
import { chargeKept, deliver, endCall } from '../../src/call/work-call.ts'
import { PercallError } from '../../src/errors.ts'
import type { ReservedSlot } from '../../src/ledger/reservation.ts'
import type { Meter } from '../../src/ledger/settle.ts'
import { parsePage } from '../../src/page.ts'
import { problemBody } from '../../src/problem-body.ts'
import { runId, runIdRandomBytes } from '../../src/run/run-id.ts'
import { readConsumer } from '../access/consumers.ts'
import { ledgerClientConfig } from '../aws/put-outcome.ts'
import type { Table } from '../aws/table.ts'
import { findResult, keepResult, putInput, readObject } from '../calls/call-objects.ts'
import { createConsumerUpload, readUpload } from '../calls/call-uploads.ts'
import { listCalls, moveCall, putCall, readCall, startCall } from '../calls/calls.ts'
import { fingerprint, readRecord } from '../calls/idempotency.ts'
import { keepBody, keepLongBody, linkKept, readKeptBody } from '../calls/kept-answers.ts'
import { readBalance, settleLease } from '../ledger/balances.ts'
import { readKeySpent } from '../ledger/key-spent.ts'
import { putSlot, readChain } from '../ledger/ledger.ts'
import { putReservation } from '../ledger/reservations.ts'
import { requireKept } from '../registry/version-uses.ts'
import { billingHours } from './ledger.ts'
import { chargedPriceAt, underZone } from './terms.ts'
import { objects, registry, setting } from './wiring.ts'

const nowMs = (): number => Date.now()

const dataBucket = () => ({ objects: objects(), bucket: setting('PERCALL_DATA_BUCKET') })

const ledgerTable = () => ({
  documents: DynamoDBDocumentClient.from(new DynamoDBClient(ledgerClientConfig), {
    marshallOptions: { removeUndefinedValues: true },
  }),
  table: setting('PERCALL_LEDGER_TABLE'),
})

/** What ends and delivers calls. */
export const workPorts = () => {
  const ledger = ledgerTable()
  const data = dataBucket()
  const ports = {
    nowMs,
    newId: randomUUID,
    putSlot: putSlot<ReservedSlot>(ledger),
    readChain: readChain<ReservedSlot>(ledger),
    settleLease: settleLease(ledger),
    keepResult: keepResult(data),
    findResult: findResult(data),
    moveCall: moveCall(ledger),
  }
  return {
    ...ports,
    readCall: readCall(ledger),
    readInput: readObject(data),
    deliver: deliver(ports),
    chargeKept: chargeKept(ports),
    endCall: endCall(ports),
  }
}

const overdue = (call: AsyncCall): PercallError =>
  new PercallError('NOT_READY', `call ${call.id}: it did not end before its deadline, and is free`)

const openingPorts = (ledger: Table) => {
  const { hourAt } = billingHours()
  return {
    now: nowMs,
    hourAt,
    priceAt: chargedPriceAt(),
    readBalance: readBalance(ledger),
    readKeySpent: readKeySpent(ledger),
    readAccount: readConsumer(registry()),
    newId: (atMs: number): string => runId(atMs, randomBytes(runIdRandomBytes)),
  }
}

/** Calls that may come again under a key, be answered later, and have an upload as their body. */
export const callPorts = ({ settleOnce }: Meter) => {
  const work = workPorts()
  const ledger = ledgerTable()
  const data = dataBucket()
  const { endCall: end, readCall: read } = work
  const start = startCall(() => setting('PERCALL_CALLS_FUNCTION'))
  const endOverdue = async (call: AsyncCall): Promise<AsyncCall> => {
    if (!isOverdue(call, nowMs())) return call
    return (await end(call, 'failed', problemBody(overdue(call), call.requestId))) ?? (await read(call)) ?? call
  }
  const keptOrEnded = async (call: AsyncCall): Promise<void> => {
    try {
      await requireKept(registry())(call.model, call.version, nowMs())
    } catch (thrown) {
      // What cannot be read now, its worker reads again.
      if (!(thrown instanceof PercallError)) return
      await end(call, 'failed', problemBody(thrown, call.requestId))
      throw thrown
    }
  }
  return {
    nowMs,
    settleOnce,
    parsePage,
    endOverdue,
    readCall: read,
    listCalls: listCalls(ledger),
    cancel: (call: AsyncCall) => end(call, 'cancelled'),
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    fingerprint,
    readRecord: (keyed: Keyed) => readRecord(ledger)(keyed, nowMs()),
    keepBody: keepBody(data, randomUUID),
    keepLongBody: keepLongBody(data, randomUUID),
    // Longer ones do not fit the gateway, as text neither.
    readKeptBody: readKeptBody(data, mostResponseBytes),
    linkKept: linkKept(data),
    /** Has a worker take up an accepted call again, unless one has. */
    restart: async (place: Pick<AsyncCall, 'consumerId' | 'id'>): Promise<void> => {
      if ((await read(place))?.state !== 'queued') return
      await start(place).catch((cause: unknown) => {
        throw unknownStart(place.id, cause)
      })
    },
    open: openCall({
      ...openingPorts(ledger),
      putInput: putInput(data),
      putOpening:
        ({ call, record }) =>
        async (reservation, lease) => {
          const besides = {
            items: () => [putCall(ledger.table, call)],
            ...(record && { record: { of: () => record.record, nowMs: record.nowMs } }),
          }
          const outcome = await underZone(putReservation(ledger, registry().table)(besides))(reservation, lease)
          if (outcome.kind === 'opened') await keptOrEnded(call)
          return outcome
        },
      startCall: start,
      abandon: async (call) =>
        (await end(call, 'failed', problemBody(notTaken(call.id), call.requestId))) ?? (await read(call)) ?? call,
    }),
    createUpload: createConsumerUpload(registry(), ledger, data),
    readUpload: readUpload(registry(), data),
    newUploadId: randomUUID,
  }
}
