import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, QueryCommand, type QueryCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { type Batch, isOpenBatch } from '../../src/batch/batch.ts'
import { type AsyncCall, openStates } from '../../src/call/async-call.ts'
import { eachAtMost } from '../../src/each-at-most.ts'
import { type HourAt, hoursBetween } from '../../src/ledger/hour.ts'
import { longestReservationMs, type Reservation } from '../../src/ledger/reservation.ts'
import type { Registration } from '../../src/registry/registration.ts'
import { versionKey } from '../../src/registry/version.ts'
import { type Removing, requireStays, type VersionUse, versionInUse } from '../../src/registry/version-use.ts'
import { runId } from '../../src/run/run-id.ts'
import { type Item, stored, type Table } from '../aws/table.ts'
import { batchKeyOf } from '../calls/batches.ts'
import { callKey } from '../calls/calls.ts'
import { hourPk, hourShards } from '../ledger/ledger-keys.ts'
import { registrationPk } from './registrations.ts'
import { readVersion, versionPk } from './registry.ts'
import { requireUnaliased, withdrawVersion } from './versions.ts'

export type Places = { readonly registry: Table; readonly ledger: Table; readonly hourAt: HourAt }

const mostReadsAtOnce = 16
const hourMs = 3_600_000
// What the machine of registrations allows, infra/register-definition.ts, and its start.
const registrationMs = hourMs + 5 * 60_000

/** All that a condition on the keys finds, less what the filter leaves out. */
const queryFiltered = async (
  { documents, table }: Table,
  query: Omit<QueryCommandInput, 'TableName'>,
): Promise<readonly Item[]> => {
  const items: Item[] = []
  let after: Item | undefined
  do {
    const page = new QueryCommand({
      ...{ TableName: table, ConsistentRead: true, ...query },
      ...(after && { ExclusiveStartKey: after }),
    })
    const { Items = [], LastEvaluatedKey } = await documents.send(page)
    items.push(...Items)
    after = LastEvaluatedKey
  } while (after)
  return items
}

/** Reservations of a model whose deadline is to come: the index of the hours that they may be of has them, so nothing counts them. */
const listReservations = async ({ ledger, hourAt }: Places, model: string, nowMs: number) => {
  // An hour more for a clock that is ahead.
  const hours = hoursBetween(hourAt, nowMs - longestReservationMs, nowMs + hourMs)
  const places = hours.flatMap(({ label }) => Array.from({ length: hourShards }, (_, shard) => hourPk(label, shard)))
  const found: Reservation[] = []
  await eachAtMost(mostReadsAtOnce, places, async (pk) => {
    const items = await queryFiltered(ledger, {
      KeyConditionExpression: 'pk = :pk',
      FilterExpression: '#kind = :reservation AND #model = :model AND deadlineMs > :now',
      ExpressionAttributeNames: { '#kind': 'kind', '#model': 'model' },
      ExpressionAttributeValues: { ':pk': pk, ':reservation': 'reservation', ':model': model, ':now': nowMs },
    })
    for (const item of items) found.push(stored<Reservation>(item))
  })
  return found
}

/** Whether a call or batch is open and of this version. */
const usesVersion = async (
  { registry, ledger }: Places,
  reservation: Reservation,
  number: number,
): Promise<boolean> => {
  const isBatch = reservation.origin === 'batch'
  const { documents, table } = isBatch ? registry : ledger
  const Key = isBatch ? batchKeyOf(reservation) : callKey(reservation)
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
  if (!Item || Item.version !== number) return false
  return isBatch ? isOpenBatch(stored<Batch>(Item)) : openStates.includes(stored<AsyncCall>(Item).state)
}

/** The open call or batch of a version that may go on longest. */
const findReserved = async (places: Places, model: string, number: number, nowMs: number) => {
  const latest = (await listReservations(places, model, nowMs)).toSorted((a, b) => b.deadlineMs - a.deadlineMs)
  for (let first = 0; first < latest.length; first += mostReadsAtOnce) {
    const some = latest.slice(first, first + mostReadsAtOnce)
    const uses = await Promise.all(some.map((one) => usesVersion(places, one, number)))
    const found = some.find((_, i) => uses[i])
    if (found) return found
  }
}

/** An open registration that optimises the version; one older than its machine lets it be has died. */
const findOptimising = async ({ registry }: Places, model: string, number: number, nowMs: number) => {
  const items = await queryFiltered(registry, {
    KeyConditionExpression: 'pk = :pk AND sk >= :from',
    FilterExpression: '#model = :model AND optimise.#version = :number AND #state IN (:queued, :running)',
    ExpressionAttributeNames: { '#model': 'model', '#version': 'version', '#state': 'state' },
    ExpressionAttributeValues: {
      ...{ ':pk': registrationPk, ':from': runId(nowMs - registrationMs, new Uint8Array()) },
      ...{ ':model': model, ':number': number, ':queued': 'queued', ':running': 'running' },
    },
  })
  return items.map((item) => stored<Registration>(item)).at(-1)
}

/** Open work that needs a version; undefined where none does. */
const findUse = async (
  places: Places,
  model: string,
  number: number,
  nowMs: number,
): Promise<VersionUse | undefined> => {
  const reserved = await findReserved(places, model, number, nowMs)
  if (reserved) {
    const { id, origin, consumerId, deadlineMs: untilMs } = reserved
    return { kind: origin === 'batch' ? 'batch' : 'call', id, consumerId, untilMs }
  }
  const optimising = await findOptimising(places, model, number, nowMs)
  return optimising && { kind: 'registration', id: optimising.id, untilMs: optimising.createdAtMs + registrationMs }
}

/** Says from when on a removal looks for open work, or that it does not any more. */
const noteRemoval = async ({ documents, table }: Table, model: string, number: number, nowMs: number, on: boolean) => {
  const update = new UpdateCommand({
    TableName: table,
    Key: { pk: versionPk(model), sk: versionKey(number) },
    UpdateExpression: on ? 'SET removingAtMs = :now' : 'REMOVE removingAtMs',
    ConditionExpression: `attribute_exists(pk) AND attribute_not_exists(deletedAtMs)${on ? '' : ' AND removingAtMs = :now'}`,
    ExpressionAttributeValues: { ':now': nowMs },
  })
  try {
    await documents.send(update)
  } catch (thrown) {
    // Another removal has come first, and what it left is right.
    if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown
  }
}

/**
 * Leaves a tombstone of a version that no alias points to and no open work uses; answers the digests that no version needs any
 * more. Throws as withdrawVersion, and IN_USE with who uses it. Work that is opened meanwhile is refused by requireKept.
 */
export const withdrawUnused =
  (places: Places) =>
  async (model: string, number: number, nowMs: number): Promise<readonly string[]> => {
    const { registry } = places
    // First: calls of a version that stays anyway are not to meet a removal.
    await requireUnaliased(registry)(model, number)
    await noteRemoval(registry, model, number, nowMs, true)
    try {
      const use = await findUse(places, model, number, nowMs)
      if (use) throw versionInUse({ model, number }, use)
      return await withdrawVersion(registry)(model, number, nowMs)
    } catch (thrown) {
      // What it left where this fails too holds for a minute.
      await noteRemoval(registry, model, number, nowMs, false).catch(() => undefined)
      throw thrown
    }
  }

/** For whoever has opened work with a version. Throws UNKNOWN_VERSION and NOT_READY where it is not kept for that. */
export const requireKept =
  (registry: Table) =>
  async (model: string, number: number, nowMs: number): Promise<void> => {
    const there: Removing | undefined = await readVersion(registry)(model, number)
    requireStays({ model, number }, there, nowMs)
  }
