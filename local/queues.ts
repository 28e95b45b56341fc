/**
 * SQS standard queues in SQLite.
 * Does: send, batch, receive with visibility and long polling, delete, redrive after maxReceiveCount, retention.
 * Does not: FIFO queues, delays beyond DelaySeconds, ChangeMessageVisibility, message moves.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { attributesMd5, type MessageAttributes } from './queue-attributes.ts'
import { only, type Queue, queueOf, within } from './queue-definition.ts'
import {
  type Authorize,
  AwsError,
  type Caller,
  type JsonService,
  type Resource,
  region,
  type UseKey,
} from './service.ts'

export type Queues = {
  readonly service: JsonService
  readonly addQueue: (resource: Resource) => void
  /** Sends for a service, as to a dead-letter queue; answers the message's id. */
  readonly send: (queueArn: string, body: string, attributes: MessageAttributes, caller: Caller) => string
  readonly close: () => void
}

type Row = { id: string; body: string; attributes: string; sent_ms: number; received: number; first_ms: number | null }
type Taken = Row & { receipt: string }
type SendInput = {
  QueueUrl?: string
  MessageBody?: string
  DelaySeconds?: number
  MessageAttributes?: MessageAttributes
}
type Entry = SendInput & { Id: string }
type ReceiveInput = {
  QueueUrl?: string
  MaxNumberOfMessages?: number
  VisibilityTimeout?: number
  WaitTimeSeconds?: number
  AttributeNames?: string[]
  MessageSystemAttributeNames?: string[]
  MessageAttributeNames?: string[]
}

const viaService = `sqs.${region}.amazonaws.com`
const longestWaitS = 20
const largestBatch = 10
type Deps = { folder: string; now: () => number; authorize: Authorize; useKey: UseKey }

/** Opens the queues kept in `folder`. */
export function createQueues({ folder, now, authorize, useKey }: Deps): Queues {
  mkdirSync(folder, { recursive: true })
  const db = new DatabaseSync(join(folder, 'queues.sqlite'))
  db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
    CREATE TABLE IF NOT EXISTS message (id TEXT PRIMARY KEY, queue TEXT NOT NULL, body TEXT NOT NULL,
      attributes TEXT NOT NULL, sent_ms INTEGER NOT NULL, visible_ms INTEGER NOT NULL, received INTEGER NOT NULL,
      first_ms INTEGER, receipt TEXT);
    CREATE INDEX IF NOT EXISTS by_time ON message (queue, visible_ms);`)
  const insert = db.prepare('INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, 0, NULL, NULL)')
  const due = db.prepare('SELECT * FROM message WHERE queue = ? AND visible_ms <= ? ORDER BY visible_ms, rowid LIMIT ?')
  const markTaken = db.prepare(
    'UPDATE message SET visible_ms = ?, received = received + 1, first_ms = coalesce(first_ms, ?), receipt = ? WHERE id = ?',
  )
  const move = db.prepare('UPDATE message SET queue = ?, visible_ms = ?, received = 0, first_ms = NULL WHERE id = ?')
  const expire = db.prepare('DELETE FROM message WHERE queue = ? AND sent_ms < ?')
  const remove = db.prepare('DELETE FROM message WHERE queue = ? AND receipt = ?')
  const queues = new Map<string, Queue>()
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const resume of waiting) resume()
  }
  let open = true

  function find(input: { QueueUrl?: string }, caller: Caller, action: string): Queue {
    const queue = queues.get(input.QueueUrl?.split('/').at(-1) ?? '')
    if (!queue) throw missing()
    authorize(caller, action, queue.arn)
    return queue
  }

  function put(queue: Queue, input: SendInput, caller: Caller) {
    const body = input.MessageBody ?? ''
    const attributes = input.MessageAttributes ?? {}
    const sizeBytes = Buffer.byteLength(body) + Buffer.byteLength(JSON.stringify(attributes))
    if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.')
    if (sizeBytes > queue.largestBytes) {
      throw new AwsError(
        'InvalidParameterValue',
        `One or more parameters are invalid. Reason: Message must be shorter than ${queue.largestBytes} bytes.`,
      )
    }
    const md5 = attributesMd5(attributes)
    if (queue.keyArn !== undefined) {
      useKey(caller, 'kms:GenerateDataKey', queue.keyArn, viaService)
      useKey(caller, 'kms:Decrypt', queue.keyArn, viaService)
    }
    const id = randomUUID()
    const visibleMs = now() + 1000 * (input.DelaySeconds ?? queue.delayS)
    insert.run(id, queue.name, body, JSON.stringify(attributes), now(), visibleMs)
    wake()
    return { MessageId: id, MD5OfMessageBody: md5Of(body), ...(md5 !== undefined && { MD5OfMessageAttributes: md5 }) }
  }

  // One search a receive, so that no message comes twice in it, even with a visibility timeout of zero.
  function take(queue: Queue, most: number, visibilityS: number): Taken[] {
    // SQLite gives rows of unknown shape; the columns are those of `message`.
    const rows = due.all(queue.name, now(), most) as Row[]
    const { redrive } = queue
    const spent = redrive ? rows.filter(({ received }) => received >= redrive.maxReceiveCount) : []
    for (const { id } of spent) move.run(redrive!.targetArn.split(':').at(-1)!, now(), id)
    if (spent.length > 0) wake()
    if (spent.length > 0 && spent.length === rows.length) return take(queue, most, visibilityS)
    return rows
      .filter((row) => !spent.includes(row))
      .map((row) => {
        const receipt = randomBytes(48).toString('base64url')
        markTaken.run(now() + 1000 * visibilityS, now(), receipt, row.id)
        return { ...row, received: row.received + 1, first_ms: row.first_ms ?? now(), receipt }
      })
  }

  async function receive(input: ReceiveInput, caller: Caller) {
    only(
      input,
      'QueueUrl',
      'MaxNumberOfMessages',
      'VisibilityTimeout',
      'WaitTimeSeconds',
      'AttributeNames',
      'MessageSystemAttributeNames',
      'MessageAttributeNames',
    )
    const queue = find(input, caller, 'sqs:ReceiveMessage')
    const most = within(input.MaxNumberOfMessages ?? 1, 'MaxNumberOfMessages', 1, largestBatch)
    const waitMs = 1000 * within(input.WaitTimeSeconds ?? queue.waitS, 'WaitTimeSeconds', 0, longestWaitS)
    const visibilityS = within(input.VisibilityTimeout ?? queue.visibilityS, 'VisibilityTimeout', 0, 43_200)
    if (queue.keyArn !== undefined) useKey(caller, 'kms:Decrypt', queue.keyArn, viaService)
    // The wait is of the wall clock, whatever clock the messages have.
    const endMs = performance.now() + waitMs
    for (;;) {
      if (open) expire.run(queue.name, now() - 1000 * queue.retentionS)
      const rows = open ? take(queue, most, visibilityS) : []
      const leftMs = endMs - performance.now()
      if (rows.length > 0) return { Messages: rows.map((row) => messageOf(row, input)) }
      if (leftMs <= 0 || !open) return {}
      await nextChange(Math.min(leftMs, 250))
    }
  }

  function nextChange(atMostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const resume = () => {
        clearTimeout(timer)
        waiting.delete(resume)
        resolve()
      }
      const timer = setTimeout(resume, atMostMs)
      waiting.add(resume)
    })
  }

  const count = (queue: Queue, where: string) =>
    String(db.prepare(`SELECT count(*) AS n FROM message WHERE queue = ? AND ${where}`).get(queue.name, now())!.n)

  const operations = {
    SendMessage: (input: SendInput, caller: Caller) => {
      only(input, 'QueueUrl', 'MessageBody', 'DelaySeconds', 'MessageAttributes')
      return put(find(input, caller, 'sqs:SendMessage'), input, caller)
    },
    SendMessageBatch: (input: { QueueUrl?: string; Entries?: Entry[] }, caller: Caller) => {
      only(input, 'QueueUrl', 'Entries')
      const queue = find(input, caller, 'sqs:SendMessage')
      const entries = input.Entries ?? []
      if (entries.length === 0)
        throw new AwsError('EmptyBatchRequest', 'The batch request does not contain any entries.')
      if (entries.length > largestBatch)
        throw new AwsError('TooManyEntriesInBatchRequest', `Maximum number of entries per request are ${largestBatch}.`)
      if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
        throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same Id.')
      const Successful: object[] = []
      const Failed: object[] = []
      for (const { Id, ...entry } of entries) {
        try {
          only(entry, 'MessageBody', 'DelaySeconds', 'MessageAttributes')
          Successful.push({ Id, ...put(queue, entry, caller) })
        } catch (error) {
          if (!(error instanceof AwsError)) throw error
          Failed.push({ Id, SenderFault: true, Code: error.code, Message: error.message })
        }
      }
      return { Successful, Failed }
    },
    ReceiveMessage: receive,
    DeleteMessage: (input: { QueueUrl?: string; ReceiptHandle?: string }, caller: Caller) => {
      only(input, 'QueueUrl', 'ReceiptHandle')
      const queue = find(input, caller, 'sqs:DeleteMessage')
      if (!/^[\w-]{64}$/.test(input.ReceiptHandle ?? ''))
        throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.')
      remove.run(queue.name, input.ReceiptHandle!)
      return {}
    },
    GetQueueUrl: (input: { QueueName?: string }, caller: Caller) => {
      only(input, 'QueueName')
      return { QueueUrl: find({ QueueUrl: input.QueueName ?? '' }, caller, 'sqs:GetQueueUrl').url }
    },
    GetQueueAttributes: (input: { QueueUrl?: string; AttributeNames?: string[] }, caller: Caller) => {
      only(input, 'QueueUrl', 'AttributeNames')
      const queue = find(input, caller, 'sqs:GetQueueAttributes')
      const all: Record<string, string> = {
        QueueArn: queue.arn,
        ApproximateNumberOfMessages: count(queue, 'visible_ms <= ?'),
        ApproximateNumberOfMessagesNotVisible: count(queue, 'visible_ms > ? AND receipt IS NOT NULL'),
        ApproximateNumberOfMessagesDelayed: count(queue, 'visible_ms > ? AND receipt IS NULL'),
        VisibilityTimeout: String(queue.visibilityS),
        DelaySeconds: String(queue.delayS),
        ReceiveMessageWaitTimeSeconds: String(queue.waitS),
        MessageRetentionPeriod: String(queue.retentionS),
        MaximumMessageSize: String(queue.largestBytes),
        ...(queue.redrive && {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: queue.redrive.targetArn,
            maxReceiveCount: queue.redrive.maxReceiveCount,
          }),
        }),
      }
      return { Attributes: chosen(all, input.AttributeNames ?? []) }
    },
    PurgeQueue: (input: { QueueUrl?: string }, caller: Caller) => {
      only(input, 'QueueUrl')
      db.prepare('DELETE FROM message WHERE queue = ?').run(find(input, caller, 'sqs:PurgeQueue').name)
      return {}
    },
  }

  return {
    service: { target: 'AmazonSQS', jsonVersion: '1.0', operations },
    addQueue: (resource) => {
      const queue = queueOf(resource)
      queues.set(queue.name, queue)
    },
    send: (queueArn, body, attributes, caller) => {
      const queue = find({ QueueUrl: queueArn.split(':').at(-1)! }, caller, 'sqs:SendMessage')
      return put(queue, { MessageBody: body, MessageAttributes: attributes }, caller).MessageId
    },
    close: () => {
      open = false
      wake()
      db.close()
    },
  }
}

function messageOf(row: Taken, input: ReceiveInput) {
  const attributes: MessageAttributes = chosen(JSON.parse(row.attributes), input.MessageAttributeNames ?? [])
  const md5 = attributesMd5(attributes)
  const system = chosen(
    {
      SentTimestamp: String(row.sent_ms),
      ApproximateReceiveCount: String(row.received),
      ApproximateFirstReceiveTimestamp: String(row.first_ms),
    },
    [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])],
  )
  return {
    MessageId: row.id,
    ReceiptHandle: row.receipt,
    Body: row.body,
    MD5OfBody: md5Of(row.body),
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(md5 !== undefined && { MessageAttributes: attributes, MD5OfMessageAttributes: md5 }),
  }
}

const chosen = <T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name)))

const missing = () => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')
const md5Of = (text: string) => createHash('md5').update(text).digest('hex')
