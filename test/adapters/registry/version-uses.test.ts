/** Versions that open work needs while they are removed, over the local tables. */
import { TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Table } from '../../../adapters/aws/table.ts'
import { changeBatch, putBatch } from '../../../adapters/calls/batches.ts'
import { moveCall, putCall } from '../../../adapters/calls/calls.ts'
import { putReservation } from '../../../adapters/ledger/reservations.ts'
import { changeRegistration, createRegistration } from '../../../adapters/registry/registrations.ts'
import { findVersion, versionPk } from '../../../adapters/registry/registry.ts'
import { requireKept, withdrawUnused } from '../../../adapters/registry/version-uses.ts'
import { publishVersion } from '../../../adapters/registry/versions.ts'
import type { Batch } from '../../../src/batch/batch.ts'
import type { AsyncCall } from '../../../src/call/async-call.ts'
import type { Reservation } from '../../../src/ledger/reservation.ts'
import { versionKey } from '../../../src/registry/version.ts'
import { runId, runIdRandomBytes } from '../../../src/run/run-id.ts'
import { hours, startLedger } from '../folded-month.ts'

const minuteMs = 60_000
const openedMs = Date.parse('2026-11-29T23:30:00Z')

let tables: Awaited<ReturnType<typeof startLedger>>
beforeAll(async () => {
  tables = await startLedger()
})
afterAll(() => tables.close())

const publish = (model: string) =>
  publishVersion(tables.registry)({
    draft: { model, digest: `${model}-digest`, sizeBytes: 1, signature: { inputs: [], outputs: [] } },
    publishedBy: 'owner',
    nowMs: openedMs,
  })
/** Two versions, of which `live` holds the first. */
const publishTwo = async (model: string) => [await publish(model), await publish(model)]

const reservationOf = (model: string, origin: Reservation['origin']): Reservation => ({
  ...{ kind: 'reservation', id: `${model}0`, origin, consumerId: 'acme', keyId: 'k', model },
  hour: hours(openedMs).label,
  admittedAtMs: openedMs,
  deadlineMs: openedMs + (origin === 'batch' ? 270 : 90) * minuteMs,
})

// The members that a removal reads.
const batchOf = (reservation: Reservation, version: number) =>
  ({ ...{ id: reservation.id, consumerId: 'acme', version, state: 'queued' }, reservation }) as Batch
const callOf = (reservation: Reservation, version: number) =>
  ({ ...{ id: reservation.id, consumerId: 'acme', version, state: 'queued' }, reservation }) as AsyncCall

const open = async (model: string, origin: Reservation['origin'], version: number) => {
  const reservation = reservationOf(model, origin)
  const items = () => [
    origin === 'batch'
      ? putBatch(tables.registry, batchOf(reservation, version))
      : putCall('ledger', callOf(reservation, version)),
  ]
  expect(await putReservation(tables.ledger, 'registry')({ items })(reservation)).toEqual({ kind: 'opened' })
  return reservation
}

const withdraw = (model: string, nowMs: number, registry: Table = tables.registry) =>
  withdrawUnused({ registry, ledger: tables.ledger, hourAt: hours })(model, 2, nowMs)

const end = (origin: Reservation['origin'], reservation: Reservation) =>
  origin === 'batch'
    ? changeBatch(tables.registry)(reservation, { state: 'succeeded' }, true)
    : moveCall(tables.ledger)(reservation, ['queued'], 'succeeded', {})

const withOrigin = [
  { origin: 'async', kind: 'call', minutes: 90, until: '2026-11-30T01:00:00.000Z' },
  { origin: 'batch', kind: 'batch', minutes: 270, until: '2026-11-30T04:00:00.000Z' },
] as const

test.for(withOrigin)(
  'an open $kind of a version -> its removal is refused with whose it is and until when',
  async (row) => {
    const { origin, kind, minutes, until } = row
    const model = `open-${kind}`
    await publishTwo(model)
    const reservation = await open(model, origin, 2)
    // Until its deadline, over midnight and whole hours.
    for (const nowMs of [openedMs, openedMs + (minutes - 1) * minuteMs])
      await expect(withdraw(model, nowMs)).rejects.toMatchObject({
        code: 'IN_USE',
        message: `version ${model}/2: ${kind} ${model}0 of consumer acme uses it, until ${until} at the latest`,
      })
    expect(await findVersion(tables.registry)(model, 2)).not.toHaveProperty('removingAtMs')
    await requireKept(tables.registry)(model, 2, openedMs)
    await end(origin, reservation)
    expect(await withdraw(model, openedMs)).toEqual([])
    expect(await findVersion(tables.registry)(model, 2)).toBeUndefined()
  },
)

test.for(withOrigin)('a $kind whose worker died -> holds its version until its deadline, no longer', async (row) => {
  const model = `dead-${row.kind}`
  await publishTwo(model)
  await open(model, row.origin, 2)
  await withdraw(model, openedMs + row.minutes * minuteMs)
  expect(await findVersion(tables.registry)(model, 2)).toBeUndefined()
})

test.for(withOrigin)(
  'an open $kind of another version of the model -> does not hold this one',
  async ({ origin, kind }) => {
    const model = `other-${kind}`
    await publishTwo(model)
    await open(model, origin, 1)
    await withdraw(model, openedMs)
    expect(await findVersion(tables.registry)(model, 2)).toBeUndefined()
  },
)

test('a registration that optimises a version -> holds it until it ends', async () => {
  await publishTwo('optimised')
  const id = runId(openedMs, new Uint8Array(runIdRandomBytes))
  const begun = { id, model: 'optimised', optimise: { version: 2, digest: 'd', policy: 'exact' }, sizeBytes: 1 }
  const [createdAtMs, state] = [openedMs, 'queued' as const]
  const one = { ...begun, hasManifest: false, requestedBy: 'k', same: 's', state, createdAtMs }
  await createRegistration(tables.registry)(one)
  await expect(withdraw('optimised', openedMs + 64 * minuteMs)).rejects.toMatchObject({
    code: 'IN_USE',
    message: `version optimised/2: registration ${id} uses it, until 2026-11-30T00:35:00.000Z at the latest`,
  })
  await changeRegistration(tables.registry)(id, { state: 'failed' })
  await withdraw('optimised', openedMs)
  expect(await findVersion(tables.registry)('optimised', 2)).toBeUndefined()
})

/** The registry of a removal that is overtaken just before its tombstone. */
const overtaken = (meanwhile: () => Promise<unknown>): Table => {
  const { documents, table } = tables.registry
  const send = async (command: Parameters<typeof documents.send>[0]) => {
    if (command instanceof TransactWriteCommand) await meanwhile()
    return documents.send(command)
  }
  return { documents: Object.assign(Object.create(documents), { send }), table }
}

test('work that is opened behind what a removal looked for -> is told that its version goes', async () => {
  await publishTwo('raced')
  const kept = () => requireKept(tables.registry)('raced', 2, openedMs + 1)
  const seen: unknown[] = []
  const registry = overtaken(async () => seen.push(await kept().catch((thrown: unknown) => thrown)))
  await withdraw('raced', openedMs, registry)
  expect(seen).toMatchObject([{ code: 'NOT_READY', message: expect.stringContaining('raced/2') }])
  await expect(kept()).rejects.toMatchObject({ code: 'UNKNOWN_VERSION' })
})

test('a removal that died -> its version is kept again a minute later', async () => {
  await publishTwo('left')
  const update = {
    ...{ TableName: 'registry', Key: { pk: versionPk('left'), sk: versionKey(2) } },
    ...{ UpdateExpression: 'SET removingAtMs = :now', ExpressionAttributeValues: { ':now': openedMs } },
  }
  await tables.registry.documents.send(new UpdateCommand(update))
  const kept = (afterMs: number) => requireKept(tables.registry)('left', 2, openedMs + afterMs)
  await expect(kept(minuteMs - 1)).rejects.toMatchObject({ code: 'NOT_READY' })
  await kept(minuteMs)
})

test('the removal of a version that an alias points to -> refused, and calls of it meet no removal', async () => {
  await publishTwo('live')
  const whole = withdrawUnused({ ...tables, hourAt: hours })
  await expect(whole('live', 1, openedMs)).rejects.toMatchObject({
    code: 'IN_USE',
    message: expect.stringContaining('alias live'),
  })
  expect(await findVersion(tables.registry)('live', 1)).not.toHaveProperty('removingAtMs')
})
