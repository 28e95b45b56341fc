import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { PercallError } from '../../src/errors.ts'
import type { Page, PageRequest } from '../../src/page.ts'
import { versionKey } from '../../src/registry/version.ts'
import { isOpen, type Run, type RunEvent, type RunState, type RunStep } from '../../src/run/run.ts'
import { unknownRun } from '../../src/run/run-id.ts'
import { cancellation, nextOf, queryAll, queryPage, schema, stored, type Table, untilSettled } from '../aws/table.ts'

const runPk = 'RUN'
const eventPk = (run: string): string => `RE#${run}`
const samePlace = (hash: string) => ({ pk: `SAME#${hash}`, sk: '-' })

const openStates: readonly RunState[] = ['queued', 'running']

export const findRun =
  ({ documents, table }: Table) =>
  async (id: string): Promise<Run | undefined> => {
    const Key = { pk: runPk, sk: id }
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
    return Item && stored<Run>(Item)
  }

/** Newest first. */
export const listRuns =
  (table: Table) =>
  async (request: PageRequest): Promise<Page<Run>> => {
    const page = await queryPage(table)(runPk, request, true)
    return { ...page, items: page.items.map((item) => stored<Run>(item)) }
  }

/** In the order of their sequence, those after number `after`. */
export const listRunEvents =
  (table: Table) =>
  async (run: string, { limit, after }: { readonly limit: number; readonly after: number }) => {
    const next = nextOf(versionKey(after))
    const { items } = await queryPage(table)(eventPk(run), { limit, next })
    return items.map((item) => stored<RunEvent>(item))
  }

/** The run that a request has begun, where it is open or succeeded. `same` is the hash of the request. */
export const findSameRun =
  (registry: Table) =>
  async (same: string): Promise<Run | undefined> => {
    const { documents, table } = registry
    const get = new GetCommand({ TableName: table, Key: samePlace(same), ConsistentRead: true })
    const { Item } = await documents.send(get)
    const run = Item && (await findRun(registry)(String(Item.runId)))
    return run && (isOpen(run) || run.state === 'succeeded') ? run : undefined
  }

/**
 * Keeps a run, unless an open or succeeded one of the same request is there: then it answers that one. `fresh` takes
 * the request over in any case.
 */
export const createRun =
  (registry: Table) =>
  (run: Run, fresh: boolean): Promise<Run> =>
    untilSettled(async () => {
      const { documents, table } = registry
      const Key = samePlace(run.same)
      const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
      const known = Item && (await findRun(registry)(String(Item.runId)))
      if (known?.id === run.id) return known
      if (known && !fresh && (isOpen(known) || known.state === 'succeeded')) return known
      const sameIsAsRead = Item
        ? { ConditionExpression: 'runId = :known', ExpressionAttributeValues: { ':known': Item.runId } }
        : { ConditionExpression: 'attribute_not_exists(pk)' }
      const puts = [
        {
          Put: {
            TableName: table,
            Item: { pk: runPk, sk: run.id, schema, ...run },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        { Put: { TableName: table, Item: { ...Key, schema, runId: run.id }, ...sameIsAsRead } },
      ]
      try {
        await documents.send(new TransactWriteCommand({ TransactItems: puts }))
        return run
      } catch (thrown) {
        if (!cancellation(thrown)) throw thrown
        return 'again'
      }
    })

/** What an event says, before it has its number and time. */
export type EventDraft = RunEvent extends infer Event
  ? Event extends RunEvent
    ? Omit<Event, 'sequence' | 'atMs'>
    : never
  : never

export type Change = {
  readonly set: Partial<Omit<Run, 'id' | 'events' | 'attempt' | 'spentMs'>>
  readonly event?: EventDraft
  /** Added to what the run's fits have taken. */
  readonly spentMs?: number
  /** No change where the run is at this step already. */
  readonly unlessAt?: RunStep
  readonly nowMs: number
}

/**
 * Changes an open run and adds an event. Answers undefined when it has ended, or when another attempt has begun.
 * An event's number is taken by the change itself: a process that dies before the event is put leaves a gap.
 */
export const changeRun =
  (registry: Table) =>
  async (id: string, attempt: number, change: Change): Promise<Run | undefined> => {
    const { set, event, nowMs, spentMs, unlessAt } = change
    const { documents, table } = registry
    const fields = Object.entries(set).filter(([, value]) => value !== undefined)
    const sets = fields.map(([name]) => `#${name} = :${name}`)
    const update = new UpdateCommand({
      TableName: table,
      Key: { pk: runPk, sk: id },
      UpdateExpression: `${sets.length > 0 ? `SET ${sets.join(', ')} ` : ''}ADD #events :count${spentMs === undefined ? '' : ', #spentMs :spentMs'}`,
      ConditionExpression: `attribute_exists(pk) AND #state IN (:queued, :running) AND #attempt = :wanted${unlessAt === undefined ? '' : ' AND (attribute_not_exists(#step) OR #step <> :unlessAt)'}`,
      ExpressionAttributeNames: {
        '#events': 'events',
        '#state': 'state',
        '#attempt': 'attempt',
        ...(spentMs !== undefined && { '#spentMs': 'spentMs' }),
        ...(unlessAt !== undefined && { '#step': 'step' }),
        ...Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
      },
      ExpressionAttributeValues: {
        ':count': event ? 1 : 0,
        ':queued': openStates[0],
        ':running': openStates[1],
        ':wanted': attempt,
        ...(spentMs !== undefined && { ':spentMs': Math.round(spentMs) }),
        ...(unlessAt !== undefined && { ':unlessAt': unlessAt }),
        ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
      },
      ReturnValues: 'ALL_NEW',
    })
    try {
      const { Attributes = {} } = await documents.send(update)
      const run = stored<Run>(Attributes)
      if (event) {
        const Item = {
          pk: eventPk(id),
          sk: versionKey(run.events),
          schema,
          sequence: run.events,
          atMs: nowMs,
          ...event,
        }
        await documents.send(new PutCommand({ TableName: table, Item }))
      }
      return run
    } catch (thrown) {
      if (thrown instanceof ConditionalCheckFailedException) return undefined
      throw thrown
    }
  }

/** All runs that have not ended; their number is small, that of all runs is what is read. */
export const listOpenRuns = (table: Table) => async (): Promise<readonly Run[]> =>
  (await queryAll(table)(runPk)).map((item) => stored<Run>(item)).filter(isOpen)

/** Begins the next attempt of an open run: what an earlier one still does is refused from now on. Undefined when another did. */
export const beginAttempt =
  ({ documents, table }: Table) =>
  async ({ id, attempt }: Pick<Run, 'id' | 'attempt'>): Promise<Run | undefined> => {
    const update = new UpdateCommand({
      TableName: table,
      Key: { pk: runPk, sk: id },
      UpdateExpression: 'SET #attempt = :next',
      ConditionExpression: '#state IN (:queued, :running) AND #attempt = :ended',
      ExpressionAttributeNames: { '#state': 'state', '#attempt': 'attempt' },
      ExpressionAttributeValues: {
        ':next': attempt + 1,
        ':ended': attempt,
        ':queued': openStates[0],
        ':running': openStates[1],
      },
      ReturnValues: 'ALL_NEW',
    })
    try {
      const { Attributes = {} } = await documents.send(update)
      return stored<Run>(Attributes)
    } catch (thrown) {
      if (thrown instanceof ConditionalCheckFailedException) return undefined
      throw thrown
    }
  }

/** The run, or UNKNOWN_RUN. */
export const requireRun =
  (registry: Table) =>
  async (id: string): Promise<Run> => {
    // Other texts are no keys: DynamoDB refuses empty and overlong ones.
    const run = /^[0-9a-z]{1,40}$/.test(id) ? await findRun(registry)(id) : undefined
    if (!run) throw unknownRun(id)
    return run
  }

export const runEnded = (id: string, state: RunState | undefined): PercallError =>
  new PercallError('RUN_ENDED', `run ${id}: expected it to be open, it is ${state ?? 'gone'}`)
