/** Clients that repeat their keyed calls until they are answered, while function processes are killed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { readBalance } from '../../adapters/ledger/balances.ts'
import { awayFromMonthEnd } from '../calendar.ts'
import { productAssembly } from '../stack/assembly.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { consumerKey, usageRows } from './ledger.ts'
import { addModel, inferBody } from './models.ts'
import { pushed } from './pushed.ts'

const long = process.env.PERCALL_LONG !== undefined
const clients = 64
/** Fewer sequences of keys than clients: some keys are used by two clients at once. */
const sequences = 48
const keysEach = long ? 60 : 1
const inputs = 20
/** A call whose worker was killed is not repeated for a minute, so that at most this many of 24 are left open. */
const workersKilled = 6
const path = '/v2/models/add/infer'

let stack: Stack
let assembly = ''
let key = ''
beforeAll(async () => {
  await awayFromMonthEnd()
  assembly = await productAssembly(inject('runFolder'))
  stack = await startStack({ assembly })
  await pushed(stack, 'add', addModel(1))
  await stack.send('PUT', '/api/prices/add', { body: { unit: 'call', amount: '0.001' } })
  key = await consumerKey(stack, 'acme', ['add'])
})
afterAll(() => stack.close())

/** The name of a function of the Service stack by its logical id. */
const functionNamed = (logicalId: RegExp): string => {
  const template = JSON.parse(readFileSync(join(assembly, 'PercallService.template.json'), 'utf8'))
  const [id] = Object.entries<{ Type: string }>(template.Resources).find(
    ([name, { Type }]) => Type === 'AWS::Lambda::Function' && logicalId.test(name),
  )!
  return `PercallService-${id}`
}

type Told = { readonly status: number; readonly text: string; readonly location: string | null }

const post = async (body: unknown, headers: Record<string, string>, secret = key): Promise<Told> => {
  const response = await fetch(stack.running.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, text: await response.text(), location: response.headers.get('location') }
}

const pauseMs = (tries: number): number => Math.random() * Math.min(1000, 20 * 2 ** tries)

/** A client's repeats: any 5xx, 429 or broken connection, until an answer comes. */
const untilAnswered = async (body: unknown, headers: Record<string, string>, secret = key) => {
  for (let tries = 1; ; tries++) {
    const told = await post(body, headers, secret).catch(() => undefined)
    if (told && told.status < 500 && told.status !== 429) return { ...told, tries }
    await setTimeout(pauseMs(tries))
  }
}

/** Kills one process of the function that is at a call. -> whether there was one */
const killOne = (name: RegExp): boolean => {
  const found = stack.running.environments().filter(({ functionName, busy }) => busy && name.test(functionName))
  const one = found[Math.floor(Math.random() * found.length)]
  if (!one || one.pid <= 0) return false
  try {
    return process.kill(one.pid, 'SIGKILL')
  } catch {
    return false // it had just ended by itself
  }
}

/**
 * Kills a process of the function after every 1 to 2 * `meanAnswers` answers, at a random moment of the call after them.
 * By answers, not by the clock: where a cold start takes longer than the time between two kills, nothing is answered ever.
 */
const createKiller = (name: RegExp, meanAnswers: number) => {
  const draw = (): number => Math.ceil(Math.random() * 2 * meanAnswers)
  let kills = 0
  let left = draw()
  let beganAtMs = performance.now()
  let due: Promise<void> | undefined
  const kill = async (callMs: number): Promise<void> => {
    await setTimeout(Math.random() * callMs)
    if (killOne(name)) kills++
    beganAtMs = performance.now()
    left = draw()
    due = undefined
  }
  return {
    /** To be told of every answer. */
    answered: (): void => {
      if (due || --left > 0) return
      due = kill((performance.now() - beganAtMs) / meanAnswers)
    },
    /** -> how many it killed */
    end: async (): Promise<number> => {
      await due
      return kills
    },
  }
}

test('64 clients repeat keyed calls while predict is killed again and again -> a row for each key, every answer as a direct one', {
  timeout: long ? 1_800_000 : 600_000,
}, async () => {
  const direct = new Map<number, string>()
  for (let input = 0; input < inputs; input++) direct.set(input, (await post(inferBody(input), {})).text)
  const before = (await usageRows(stack)).length
  const killer = createKiller(/predict(?!large)/, 8)
  const keys = new Set<string>()
  let repeats = 0
  const client = async (i: number): Promise<void> => {
    for (let n = 0; n < keysEach; n++) {
      const name = `s${i % sequences}-${n}`
      const input = (7 * (i % sequences) + n) % inputs
      keys.add(name)
      const { status, text, tries } = await untilAnswered(inferBody(input), { 'idempotency-key': name })
      killer.answered()
      repeats += tries - 1
      expect({ status, text }).toEqual({ status: 200, text: direct.get(input) })
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, i) => client(i)))
  const kills = await killer.end()
  const rows = (await usageRows(stack)).slice(before)
  console.log(
    `keyed repeats: ${clients} clients, ${keys.size} keys, ${kills} kills, ${repeats} repeats, ${rows.length} rows`,
  )
  expect(kills).toBeGreaterThan(0)
  expect(rows).toHaveLength(keys.size)
  expect(rows.reduce((sum, { costNano }) => sum + costNano, 0)).toBe(keys.size * 1_000_000)
})

test('64 clients on a cap while predict is killed again and again -> exactly as many answers as the cap pays, and as many rows', {
  timeout: long ? 1_800_000 : 600_000,
}, async () => {
  const paid = long ? 500 : 40
  const cap = (paid / 1000).toFixed(3)
  const consumer = { id: 'capped', plan: 'postpaid-capped', capPerMonth: cap, grants: ['add'] }
  expect((await stack.send('POST', '/api/consumers', { body: consumer })).status).toBe(201)
  const { body: made } = await stack.send('POST', '/api/consumers/capped/keys', { body: {} })
  const { awsEndpoint: endpoint, adminCredentials: credentials, region } = stack.running
  const lambda = new LambdaClient({ endpoint, credentials, region })
  const killer = createKiller(/predict(?!large)/, 6)
  const answered = new Set<string>()
  const figures = { refused: 0, repeats: 0, rounds: 0 }
  const left: string[] = Array.from({ length: 2 * paid }, (_, i) => `c${i}`)
  /** Until the first refusal for want of credit; a key that was refused is tried again in the next round. */
  const client = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const { status, tries } = await untilAnswered(inferBody(1), { 'idempotency-key': name }, made.secret)
      figures.repeats += tries - 1
      if (status === 200) {
        answered.add(name)
        killer.answered()
        continue
      }
      expect(status).toBe(402)
      figures.refused += 1
      left.unshift(name)
      return
    }
  }
  // The leases of killed environments come back with the tick; here it is told that two minutes have passed.
  const tick = () => {
    const Payload = JSON.stringify({ time: new Date(Date.now() + 120_000).toISOString() })
    return lambda.send(new InvokeCommand({ FunctionName: functionNamed(/^TicktickFunction/), Payload }))
  }
  while (answered.size < paid && figures.rounds < 40) {
    figures.rounds += 1
    await Promise.all(Array.from({ length: clients }, client))
    await tick()
  }
  const kills = await killer.end()
  await client()
  await tick()
  const rows = (await usageRows(stack)).filter(({ keyId }) => keyId === made.id)
  console.log(
    `cap of ${paid} calls: ${clients} clients, ${answered.size} answered, ${rows.length} rows, ${kills} kills, ${JSON.stringify(figures)}`,
  )
  expect(kills).toBeGreaterThan(0)
  expect(answered.size).toBe(paid)
  expect(rows).toHaveLength(paid)
  const { body } = await stack.send('GET', '/api/consumers/capped')
  expect(body.balances).toEqual([
    { kind: 'capped', total: String(paid / 1000), available: '0', leased: '0', spent: String(paid / 1000) },
  ])
  // Noted once the bus took the event.
  const month = new Date(rows[0]!.admittedAtMs).toISOString().slice(0, 'YYYY-MM'.length)
  const ledger = { documents: stack.documents, table: String(stack.running.outputs.PercallService?.LedgerTable) }
  expect(await readBalance(ledger)(`capped/${month}`)).toMatchObject({ warnedPercent: 100 })
})

test('workers killed while calls are answered later -> each ends, succeeded ones charged once with their result, the others free', async () => {
  const { awsEndpoint: endpoint, adminCredentials: credentials, region } = stack.running
  const lambda = new LambdaClient({ endpoint, credentials, region })
  const before = (await usageRows(stack)).length
  let kills = 0
  let allCame = false
  const killing = (async () => {
    while (kills < workersKilled && !allCame) {
      await setTimeout(Math.random() * 20)
      if (killOne(/callscalls/i)) kills++
    }
  })()
  const accepted = await Promise.all(
    Array.from({ length: 24 }, async (_, i) => {
      const { location } = await untilAnswered(inferBody(i), { prefer: 'respond-async', 'idempotency-key': `l${i}` })
      return { id: location?.split('/').at(-1) ?? '', input: i }
    }),
  )
  const stateOf = async (id: string) => (await stack.send('GET', `/v1/calls/${id}`, { key })).body
  const open = async () =>
    (await Promise.all(accepted.map(({ id }) => stateOf(id)))).filter(({ endedAt }) => endedAt === undefined)
  // What is left open is what was killed: Lambda's own repeats come after one and two minutes, and then its word that all
  // failed; here they are sent at once.
  let left = await open()
  for (; left.length > kills; left = await open()) await setTimeout(50)
  allCame = true
  await killing
  expect(kills).toBeGreaterThan(0)
  const [givenUp, repeated] = [left.slice(0, 2), left.slice(2)]
  const invoke = (name: RegExp, event: object) => {
    const Payload = JSON.stringify(event)
    const command = { FunctionName: functionNamed(name), InvocationType: 'Event', Payload } as const
    return lambda.send(new InvokeCommand(command))
  }
  const requestContext = { condition: 'RetriesExhausted' }
  for (const { id } of [...repeated, ...repeated]) await invoke(/^CallscallsFunction/, { consumerId: 'acme', id })
  for (const { id } of givenUp)
    await invoke(/^CallscallfailedFunction/, { requestPayload: { consumerId: 'acme', id }, requestContext })
  while ((await open()).length > 0) await setTimeout(100)
  const states = await Promise.all(accepted.map(async ({ id, input }) => ({ input, call: await stateOf(id) })))
  const succeeded = states.filter(({ call }) => call.state === 'succeeded')
  for (const { input, call } of succeeded) {
    const { body } = await stack.send('GET', call.result, { key })
    expect(body.outputs[0].data).toEqual([input + 1])
  }
  const rows = (await usageRows(stack)).slice(before)
  expect(rows.map(({ origin }) => origin)).toEqual(rows.map(() => 'async'))
  const figures = [accepted, left, givenUp, rows].map(({ length }) => length)
  console.log(`killed workers: calls, left open by kills, given up, rows: ${figures.join(', ')}`)
  expect(rows.length).toBe(succeeded.length)
  expect(succeeded.length).toBeGreaterThanOrEqual(accepted.length - 2)
  for (const { call } of states.filter((one) => !succeeded.includes(one)))
    expect(call).toMatchObject({ state: 'failed', error: { code: 'INTERNAL' } })
})

// At the end: a fold of the hour that goes on sends all later calls into the next one.
test('the hour folded by the tick -> usage by its totals; reconciled: nothing; a row altered in the table -> named with its hour', async () => {
  const before = (await stack.send('GET', '/api/usage?by=hour')).body
  expect(before.totals.calls).toBe((await usageRows(stack)).length)
  const { awsEndpoint: endpoint, adminCredentials: credentials, region } = stack.running
  const lambda = new LambdaClient({ endpoint, credentials, region })
  // Past the deadlines of calls that were given up.
  const Payload = JSON.stringify({ time: new Date(Date.now() + 7 * 3_600_000).toISOString() })
  const told = await lambda.send(new InvokeCommand({ FunctionName: functionNamed(/^TicktickFunction/), Payload }))
  expect(JSON.parse(new TextDecoder().decode(told.Payload))).toMatchObject({ waiting: 0 })
  expect((await stack.send('GET', '/api/usage?by=hour')).body).toEqual(before)
  const reconciled = async () => {
    const { id } = (await stack.send('POST', '/api/reconciliations')).body
    const state = async () => (await stack.send('GET', `/api/reconciliations/${id}`)).body
    await expect.poll(async () => (await state()).state, { timeout: 600_000 }).toBe('succeeded')
    return await state()
  }
  expect(await reconciled()).toMatchObject({ found: 0, differences: [], rows: before.totals.calls })
  const TableName = String(stack.running.outputs.PercallService?.LedgerTable)
  const { Items = [] } = await stack.documents.send(new ScanCommand({ TableName, ConsistentRead: true }))
  const row = Items.find(({ kind }) => kind === 'row')!
  await stack.documents.send(new PutCommand({ TableName, Item: { ...row, costNano: row.costNano + 1 } }))
  const chain = String(row.pk).slice('C#'.length)
  expect((await reconciled()).differences).toContainEqual(
    expect.objectContaining({ kind: 'row altered', chain, hour: expect.stringContaining('T') }),
  )
})
