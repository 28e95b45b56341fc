import type { HourRecord } from '../ledger/totals.ts'
import { type ExportRecord, recordId, recordKey } from './record.ts'

/**
 * Where an exporter stands, in the order in which hours were folded: hours up to `done` are sent, and of the next one the
 * records up to `after`.
 */
export type ExportCursor = {
  readonly done: number
  readonly after?: string
  readonly revision: number
  readonly sending?: Sending
}

/** Records behind `after`, up to `until`, whose sending was begun and is not noted as done. */
type Sending = {
  readonly until: string
  /** Ids of records that are known to be there, or are named as refused. */
  readonly told: readonly string[]
  readonly unsure: readonly Unsure[]
}

/** The id of a record that may be there, nobody knows, and when it was first sent. */
type Unsure = { readonly id: string; readonly sinceMs: number }

/** A record that its receiver will never take, and why. */
export type Refusal = { readonly id: string; readonly reason: string }

/** What became of messages: all are there but the refused, or it failed, and those that are not `told` have to come again. */
export type Delivery = {
  /** For good. */
  readonly refused: readonly Refusal[]
  readonly failure?: {
    readonly cause: unknown
    /** Ids of records that are known to be there. */
    readonly told: readonly string[]
    /** Those of others that may be there too. */
    readonly unsure: readonly string[]
  }
}

/** What a receiver is told of a record: nothing, where it is none of its customers'. */
export type Telling<Message> =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** Whom records are sent to. */
export type Receiver<Message> = {
  readonly name: string
  /** How long it drops a repetition; absent: for good, or who reads from it does. */
  readonly remembersMs?: number
  /** Messages of one request. */
  readonly mostMessages: number
  readonly tell: (record: ExportRecord) => Promise<Telling<Message>>
  /** Under the ids of their records, the same each time. What throws is as if nothing were known of any. */
  readonly send: (messages: readonly Message[]) => Promise<Delivery>
}

export type ExportPorts = {
  readonly readCursor: () => Promise<ExportCursor | undefined>
  /** False where another moved it first. */
  readonly moveCursor: (to: ExportCursor) => Promise<boolean>
  /** Number of the latest folded hour; 0 before the first. */
  readonly lastFolded: () => Promise<number>
  readonly hourOfNumber: (number: number) => Promise<HourRecord | undefined>
  /** The records of a folded hour, in the order of their keys. */
  readonly recordsOf: (hour: HourRecord) => Promise<readonly ExportRecord[]>
  readonly keepRefusal: (refusal: Refusal) => Promise<unknown>
  readonly nowMs: () => number
  /** False: the rest is left to the next tick. */
  readonly hasTime: () => boolean
}

export type Exported = { readonly sent: number; readonly refused: number }

const chunksOf = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))

const doubtOf = ({ id, sinceMs }: Unsure): Refusal => ({
  id,
  reason: `it may have been sent at ${new Date(sinceMs).toISOString()}, and is not sent again, since it might count twice: look for it there, and add it by hand where it is missing`,
})

/** What was done by now, also where it ends in a failure. */
type Tally = { sent: number; refused: number }

/** What the receiver is told of the records, by their ids, but of those that it was told. */
const tellingsOf = async <Message>(
  { tell }: Receiver<Message>,
  records: readonly ExportRecord[],
  told: readonly string[],
): Promise<Map<string, Telling<Message>>> => {
  const left = records.filter((record) => !told.includes(recordId(record)))
  return new Map(await Promise.all(left.map(async (record) => [recordId(record), await tell(record)] as const)))
}

/**
 * Sends some records, and moves the cursor behind them. Where the receiver forgets what it was sent, the cursor says before
 * that it is being sent: who comes back to it too late, or once its consumer is no customer any more, does not send again what
 * may be there, but names it.
 * Undefined where another exporter is at work.
 */
const sendChunk = async <Message>(
  ports: ExportPorts,
  receiver: Receiver<Message>,
  records: readonly ExportRecord[],
  {
    begun,
    behind,
    tally,
  }: { readonly begun: ExportCursor; readonly behind: Omit<ExportCursor, 'revision'>; readonly tally: Tally },
): Promise<ExportCursor | undefined> => {
  let cursor = begun
  const move = async (to: Omit<ExportCursor, 'revision'>): Promise<boolean> => {
    cursor = { ...to, revision: cursor.revision + 1 }
    return await ports.moveCursor(cursor)
  }
  const refuse = async (refusals: readonly Refusal[]): Promise<void> => {
    for (const refusal of refusals) await ports.keepRefusal(refusal)
    tally.refused += refusals.length
  }
  const { remembersMs = Number.POSITIVE_INFINITY } = receiver
  const nowMs = ports.nowMs()
  const earlier = begun.sending ?? { told: [], unsure: [] }
  const tellings = await tellingsOf(receiver, records, earlier.told)
  const doubtful = earlier.unsure.filter(
    ({ id, sinceMs }) => nowMs - sinceMs >= remembersMs || tellings.get(id)?.kind !== 'message',
  )
  await refuse(doubtful.map(doubtOf))
  for (const { id } of doubtful) tellings.delete(id)
  const told = [...earlier.told, ...doubtful.map(({ id }) => id)]
  const unsendable = [...tellings.values()].flatMap((one) => (one.kind === 'refused' ? [one.refusal] : []))
  const messages = [...tellings.values()].flatMap((one) => (one.kind === 'message' ? [one.message] : []))
  const sending = [...tellings].flatMap(([id, { kind }]): readonly Unsure[] => {
    const before = earlier.unsure.find((one) => one.id === id)
    return kind === 'message' ? [before ?? { id, sinceMs: nowMs }] : []
  })
  const note = async (of: Pick<Sending, 'told' | 'unsure'>): Promise<boolean> => {
    const last = records.at(-1)
    if (receiver.remembersMs === undefined || !last) return true
    return await move({ ...begun, sending: { until: recordKey(last), ...of } })
  }
  if (messages.length > 0) {
    if (!(await note({ told, unsure: sending }))) return undefined
    const { refused, failure } = await receiver.send(messages)
    await refuse(refused)
    if (failure) {
      tally.sent += failure.told.length
      const known = [...told, ...failure.told, ...refused.map(({ id }) => id)]
      const mayBe = [...earlier.unsure.map(({ id }) => id), ...failure.unsure]
      await note({ told: known, unsure: sending.filter(({ id }) => mayBe.includes(id) && !known.includes(id)) })
      throw failure.cause
    }
    tally.sent += messages.length - refused.length
  }
  await refuse(unsendable)
  // After its sending: a death between the two sends the chunk again, under the same ids.
  return (await move(behind)) ? cursor : undefined
}

/** First what an earlier exporter began to send, as it began it. */
const chunksOfHour = (
  records: readonly ExportRecord[],
  { after = '', sending }: ExportCursor,
  size: number,
): readonly (readonly ExportRecord[])[] => {
  const left = records.filter((record) => recordKey(record) > after)
  const begun = left.filter((record) => sending !== undefined && recordKey(record) <= sending.until)
  const chunks = [...(begun.length > 0 ? [begun] : []), ...chunksOf(left.slice(begun.length), size)]
  return chunks.length > 0 ? chunks : [[]]
}

/** Sends what is left of one hour. Undefined where another exporter is at work, or there is no time. */
const sendHour = async <Message>(
  ports: ExportPorts,
  receiver: Receiver<Message>,
  { hour, begun }: { readonly hour: HourRecord; readonly begun: ExportCursor },
  tally: Tally,
): Promise<ExportCursor | undefined> => {
  const chunks = chunksOfHour(await ports.recordsOf(hour), begun, receiver.mostMessages)
  let cursor: ExportCursor | undefined = begun
  for (const [i, records] of chunks.entries()) {
    if (!cursor || !ports.hasTime()) return undefined
    const last = records.at(-1)
    const behind = last && i < chunks.length - 1 ? { done: begun.done, after: recordKey(last) } : { done: hour.number }
    cursor = await sendChunk(ports, receiver, records, { begun: cursor, behind, tally })
  }
  return cursor
}

/** One failure as it is, more of them as one. */
export const failureOf = (failures: readonly unknown[]): unknown =>
  failures.length === 1
    ? failures[0]
    : new AggregateError(failures, failures.map((one) => (one instanceof Error ? one.message : one)).join('; '))

export const refusedForGood = (refused: number): Error =>
  new Error(`exports: ${refused} records were refused for good; GET /api/exports names them`)

/**
 * Sends the records of hours that were folded since the last time, hour by hour, and goes on where it was. An exporter that
 * comes for the first time begins with the hours that are folded from then on.
 */
export const exportHours =
  (ports: ExportPorts) =>
  async <Message>(receiver: Receiver<Message>): Promise<Exported> => {
    let cursor = await ports.readCursor()
    const tally: Tally = { sent: 0, refused: 0 }
    if (!cursor) {
      cursor = { done: await ports.lastFolded(), revision: 1 }
      if (!(await ports.moveCursor(cursor))) return tally
    }
    try {
      while (cursor && ports.hasTime()) {
        const hour = await ports.hourOfNumber(cursor.done + 1)
        if (!hour) break
        cursor = await sendHour(ports, receiver, { hour, begun: cursor }, tally)
      }
    } catch (thrown) {
      // They are not told again: the next tick goes on behind them.
      throw failureOf(tally.refused > 0 ? [thrown, refusedForGood(tally.refused)] : [thrown])
    }
    return tally
  }

/**
 * While an exporter is switched off: hours that are folded meanwhile are not sent when it is on again. What may have been sent
 * before is named.
 */
export const passHours = async (
  ports: Pick<ExportPorts, 'readCursor' | 'moveCursor' | 'lastFolded' | 'keepRefusal'>,
): Promise<Exported> => {
  const cursor = await ports.readCursor()
  const done = await ports.lastFolded()
  if (!cursor || cursor.done >= done) return { sent: 0, refused: 0 }
  const doubts = (cursor.sending?.unsure ?? []).map(doubtOf)
  for (const one of doubts) await ports.keepRefusal(one)
  // Where another moves it first, the next tick does it.
  await ports.moveCursor({ done, revision: cursor.revision + 1 })
  return { sent: 0, refused: doubts.length }
}
