import type { BatchPorts } from '../../adapters/wiring/batches.ts'
import { requireGrant } from '../../src/access/principal.ts'
import {
  type Batch,
  batchEnded,
  batchRequestSchema,
  isKept,
  isOpenBatch,
  unknownBatch,
  usualOutput,
} from '../../src/batch/batch.ts'
import { parseNano } from '../../src/billing/money.ts'
import { type IdempotencyRecord, type Keyed, requireSameRequest } from '../../src/call/idempotency.ts'
import { PercallError } from '../../src/errors.ts'
import { parsePage } from '../../src/page.ts'
import { parseReference } from '../../src/registry/version.ts'
import { jsonBody } from '../control/json-body.ts'
import { keyedRequest, replaying } from '../middleware/keyed.ts'
import { json, type Route, type RouteRequest, type RouteResponse } from '../route.ts'
import { acceptedText, batchBody, batchPath } from './body.ts'
import { errorsPage } from './errors.ts'
import { recordOf, replayBatch, unknownStart } from './keyed.ts'

type BatchRoute = Route<BatchPorts>

const start = ({ startExecution }: BatchPorts, { id, consumerId }: Batch): Promise<void> =>
  startExecution(id, { batchId: id, consumerId })

const notBegun = (id: string): PercallError =>
  new PercallError('NOT_READY', `batch ${id}: it could not begin, and is free`)

/**
 * A batch that cannot begin ends: without a key nobody knows of it. With one it begins when its key comes again. One that has
 * shards all the same has begun: the answer of its start got lost. Throws NOT_READY: it ended free, and OUTCOME_UNKNOWN.
 */
const startOrEnd = async (ports: BatchPorts, batch: Batch, keyed: Keyed | undefined): Promise<void> => {
  try {
    await start(ports, batch)
  } catch (cause) {
    if (keyed) throw unknownStart(batch.id, cause)
    const { code, message } = notBegun(batch.id)
    const ended = await ports.endUnsplit(batch, { state: 'failed', failure: { code, cause: message } }).catch(() => {
      throw unknownStart(batch.id, cause)
    })
    if (ended) throw new PercallError(code, message, { cause })
  }
}

const accepted = (batch: Batch): RouteResponse => ({
  status: 202,
  headers: { 'content-type': 'application/json', location: batchPath(batch.id) },
  body: acceptedText(batch),
})

const draftOf = async (request: RouteRequest, ports: BatchPorts) => {
  const { principal, requestId } = request
  const { consumerId } = principal
  const { model: target, input, format, maxCost, ...asked } = jsonBody(batchRequestSchema, request)
  const { output = usualOutput(format), unknown = 'refuse' } = asked
  const reference = parseReference(target)
  requireGrant(principal, reference.model)
  const { version } = await ports.resolve(reference)
  const { key, versionId } = await ports.findUpload(consumerId, input)
  const source = { upload: input, input: { key, ...(versionId !== undefined && { versionId }) } }
  const most = maxCost !== undefined && { maxCostNano: parseNano('body.maxCost', maxCost) }
  const { model, number } = version
  return { consumerId, model, version: number, ...source, ...most, format, output, unknown, requestId }
}

const open = async (request: RouteRequest, ports: BatchPorts, keyed: Keyed | undefined): Promise<RouteResponse> => {
  const nowMs = ports.nowMs()
  const record = keyed && { of: recordOf(keyed, request.requestId, nowMs), nowMs }
  const opened = await ports.admitBatch(request.principal, await draftOf(request, ports), record)
  if (opened.kind === 'recorded') {
    if (!keyed) throw new Error('batch: expected no record without a key')
    return replayBatch(request, ports, requireSameRequest(keyed, opened.by))
  }
  await startOrEnd(ports, opened.batch, keyed)
  return accepted(opened.batch)
}

const create: BatchRoute['run'] = (request, ports) => {
  const keyed = keyedRequest({ method: 'POST', path: '/v1/batches' }, request, ports.fingerprint)
  const replay = (record: IdempotencyRecord) => replayBatch(request, ports, record)
  return replaying({ principal: request.principal, readRecord: ports.readRecord, replay })(keyed, () =>
    open(request, ports, keyed),
  )
}

const list: BatchRoute['run'] = async ({ principal, query }, ports) => {
  const { items, next } = await ports.listBatches(principal.consumerId, parsePage(query))
  const kept = items.filter((batch) => isKept(batch, ports.nowMs()))
  return json(200, { batches: kept.map((batch) => batchBody(batch)), ...(next && { next }) })
}

const batchOf = async ({ principal, params }: RouteRequest, ports: BatchPorts): Promise<Batch> => {
  const batch = await ports.requireBatch({ consumerId: principal.consumerId, id: params.batch ?? '' })
  if (!isKept(batch, ports.nowMs())) throw unknownBatch(batch.id)
  return batch
}

// Far longer than the two calls between admission and start take.
const strandedMs = 15_000

/** A batch whose request died before its execution began is started by whoever looks at it, or ended when that is too late. */
const show: BatchRoute['run'] = async (request, ports) => {
  const batch = await batchOf(request, ports)
  const now = ports.nowMs()
  const isStranded = batch.state === 'queued' && now - batch.createdAtMs > strandedMs
  if (isStranded && now > batch.reservation.deadlineMs) {
    const { code, message } = notBegun(batch.id)
    const ended = await ports.endUnsplit(batch, { state: 'failed', failure: { code, cause: message } })
    return json(200, batchBody(ended ?? batch))
  }
  if (isStranded) await start(ports, batch)
  return json(200, batchBody(batch, batch.totals ? [] : await ports.listProgress(batch.id)))
}

/**
 * The row first: a shard in flight meets it, or the closed chain. Where nothing was split yet, the chain is closed at once: there
 * may be no execution whose end would close it. A second call mends what the first could not.
 */
const cancel: BatchRoute['run'] = async (request, ports) => {
  const batch = await batchOf(request, ports)
  const ended = await ports.changeBatch(batch, { state: 'cancelled', endedAtMs: ports.nowMs() }, true)
  const after = ended ?? (await batchOf(request, ports))
  if (after.state !== 'cancelled') throw batchEnded(after)
  await ports.stopExecution(batch.id, 'the caller cancelled')
  const closed = after.totals ? after : await ports.endUnsplit(after, { state: 'cancelled' })
  return json(200, batchBody(closed ?? after, closed ? [] : await ports.listProgress(batch.id)))
}

const result: BatchRoute['run'] = async (request, ports) => {
  const batch = await batchOf(request, ports)
  const { id, state, totals } = batch
  if (isOpenBatch(batch) || (state === 'cancelled' && !totals))
    throw new PercallError('BATCH_OPEN', `batch ${id}: expected it to have ended, it is ${state} and not merged yet`)
  if (!totals || totals.rowsSucceeded + totals.rowsFailed === 0)
    throw new PercallError('BATCH_ENDED', `batch ${id}: expected answered rows, it ${state} before there were any`)
  return { status: 302, headers: { location: await ports.resultLink(batch) } }
}

const errors: BatchRoute['run'] = async (request, ports) => {
  const batch = await batchOf(request, ports)
  return json(200, await errorsPage(ports)(await ports.listProgress(batch.id), request.query))
}

const one = '/v1/batches/{batch}'
const own = { access: 'key', scope: ['batches'] } as const

export const batchRoutes = [
  { method: 'GET', path: '/v1/batches', ...own, run: list },
  { method: 'POST', path: '/v1/batches', ...own, run: create },
  { method: 'GET', path: one, ...own, run: show },
  { method: 'POST', path: `${one}/cancel`, ...own, run: cancel },
  { method: 'GET', path: `${one}/result`, ...own, run: result },
  { method: 'GET', path: `${one}/errors`, ...own, run: errors },
] as const satisfies readonly BatchRoute[]
