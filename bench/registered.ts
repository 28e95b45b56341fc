/** Whether a call takes longer, or reads more, with many versions, consumers and keys registered. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { putConsumer } from '../adapters/access/consumers.ts'
import { keyMac } from '../adapters/access/key-secret.ts'
import { createKey } from '../adapters/access/keys.ts'
import { auditOfConsumer } from '../src/access/audited.ts'
import { countedFigure, figureOf } from './measure/figure.ts'
import { alternate, timeCalls } from './measure/pairs.ts'
import { report } from './measure/result.ts'
import { median } from './measure/statistics.ts'
import { fillRegistry } from './service/fill.ts'
import { body, serveTrees } from './service/metered.ts'
import { startService } from './service/service.ts'

const pairs = 9
const warmCalls = 40
const freshCalls = 12
const usPerMs = 1000
const mostFillMs = 50_000
const counts = [1, 1000, 100_000] as const
/** Key and model of a call that an environment knows neither of; each is used once. */
type Fresh = { readonly model: string; readonly secret: string }

/** One service with `count` versions, consumers and keys beside those that are called. */
const open = async (count: number, fresh: number) => {
  const service = await startService()
  const target = await serveTrees(service)
  const { awsEndpoint, adminCredentials, region, outputs } = service.facts
  const config = { endpoint: awsEndpoint, region, credentials: adminCredentials }
  const client = new DynamoDBClient(config)
  const kms = new KMSClient(config)
  const registry = {
    documents: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    table: outputs.RegistryTable ?? '',
  }
  const mac = keyMac({ registry, kms, keyArn: outputs.KeyArn ?? '' })
  const names = Array.from({ length: fresh }, (_, i) => `fresh-${i}`)
  const place = { client, table: registry.table, model: 'trees', consumer: 'bench' }
  const filled = await fillRegistry(place, { count, models: names, mostMs: mostFillMs })
  const unused: Fresh[] = []
  for (const model of names) {
    const createdAtMs = Date.now()
    const consumer = { id: model, plan: 'postpaid', grants: ['*'], createdAtMs, revision: 1 } as const
    const change = { actor: 'bench', action: 'consumer.create', before: undefined, after: consumer, atMs: createdAtMs }
    await putConsumer(registry)(consumer, auditOfConsumer(change))
    const { secret } = await createKey(registry, mac)({ consumerId: model, createdAtMs }, 'bench')
    unused.push({ model, secret })
  }
  const call = async (url: string, secret: string): Promise<void> => {
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
    const answer = await fetch(url, { method: 'POST', headers, body })
    const text = await answer.text()
    if (answer.status !== 200) throw new Error(`expected 200, got ${answer.status}: ${text}`)
  }
  return {
    ...filled,
    requests: service.requests,
    warm: () => call(target.url, service.consumerKey),
    fresh: async () => {
      const next = unused.pop()
      if (!next) throw new Error('fresh calls: expected another key, got none')
      await call(`${service.url}/v2/models/${next.model}/infer`, next.secret)
    },
    close: async () => {
      client.destroy()
      kms.destroy()
      await service.close()
    },
  }
}

type Opened = Awaited<ReturnType<typeof open>>

const sum = (all: Readonly<Record<string, number>>): number => Object.values(all).reduce((total, one) => total + one, 0)

/** Requests to AWS of a call, the median of several: what is read again or put each 10 s is in one or two of them. */
const requestsOf = async ({ requests }: Opened, call: () => Promise<void>): Promise<number> => {
  const taken: number[] = []
  for (let i = 0; i < settlingCalls; i++) await call()
  for (let i = 0; i < countedCalls; i++) {
    const before = sum(await requests())
    await call()
    taken.push(sum(await requests()) - before)
  }
  return median(taken)
}

const settlingCalls = 4
const countedCalls = 9
const warmUpCalls = 20
/** Of the smallest service, which is the peer of the two others. */
const freshKeys = (counts.length - 1) * pairs * freshCalls + warmUpCalls + settlingCalls + countedCalls
const number = new Intl.NumberFormat('en')

const opened: Opened[] = []
try {
  for (const count of counts) opened.push(await open(count, freshKeys))
  const [one, ...others] = opened as [Opened, ...Opened[]] // one service a count
  for (const { warm, fresh } of opened)
    for (let i = 0; i < warmUpCalls; i++) {
      await warm()
      await fresh()
    }
  const requests = { warm: await requestsOf(one, one.warm), fresh: await requestsOf(one, one.fresh) }
  const figures = []
  for (const many of others) {
    const held = `${number.format(many.reached)} versions, consumers and keys`
    const peer = 'the same with 1 of each'
    for (const kind of ['warm', 'fresh'] as const) {
      const name = kind === 'warm' ? 'a warm call' : "a call by a key and on a model that its environment doesn't know"
      const value = await requestsOf(many, many[kind])
      figures.push(
        countedFigure({
          question: `requests to AWS of ${name}, ${held}`,
          unit: 'requests',
          value,
          peer: { name: peer, value: requests[kind] },
          targets: [{ of: 'ratio', atMost: 1 }],
        }),
      )
      const calls = kind === 'warm' ? warmCalls : freshCalls
      const taken = await alternate(
        pairs,
        () => timeCalls(calls, usPerMs, many[kind]),
        () => timeCalls(calls, usPerMs, one[kind]),
      )
      figures.push(
        figureOf({
          question: `time of ${name}, ${held}`,
          unit: 'us',
          samples: taken.ours,
          peer: { name: peer, samples: taken.peers },
          targets: [{ of: 'ratio', atMost: 1 }],
        }),
      )
    }
  }
  const largest = opened.at(-1)!
  report('registered', figures, [
    `Filled straight into the registry, ${number.format(Math.round(largest.itemsPerSecond))} items a second; half of the versions are of one model, half of models of their own. At most ${mostFillMs / usPerMs} s are spent on it.`,
    'Each count is a local service of its own, over HTTP with one connection; a fresh call reads key, consumer, model, alias, version and price, and opens a chain.',
    'On AWS a read by key takes the same time in a table of any size; here it is the depth of a SQLite B-tree.',
  ])
} finally {
  for (const { close } of opened) await close()
}
