/**
 * Every operation of /openapi.json, called on the running product with a good request and with those that it must refuse:
 * each answer is one that the document has, with its body, and each status of the document came at least once.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../stack/stack.ts'
import { type Answered, type Contract, createContract } from './contract.ts'
import { batches, inference, laterCalls, openAi, rows } from './contract-calls.ts'
import {
  aliases,
  consumers,
  credits,
  datasets,
  invoices,
  models,
  ownRoutes,
  prices,
  registrations,
  runs,
  triggers,
  versions,
} from './contract-owner.ts'
import { createVisitor, type Visitor } from './contract-visitor.ts'
import { consumerKey } from './ledger.ts'
import { publishTrained } from './trained.ts'

let stack: Stack
let contract: Contract
let visitor: Visitor

const narrowKey = async (body: object): Promise<string> =>
  (await stack.send('POST', '/api/consumers/acme/keys', { body })).body.secret

beforeAll(async () => {
  stack = await startStack()
  const { running, ownerKey } = stack
  const served = await fetch(`${running.url}/openapi.json`)
  contract = createContract(running.url, ownerKey, await served.json())
  await publishTrained(stack, 'trained')
  const keys = {
    consumer: await consumerKey(stack, 'acme', ['*']),
    ungranted: await consumerKey(stack, 'none', []),
    unscoped: await narrowKey({ scopes: [] }),
    elsewhere: await narrowKey({ ipRanges: ['203.0.113.0/24'] }),
  }
  visitor = createVisitor(stack, contract, keys)
})
afterAll(() => stack.close())

test('what needs no key', async () => {
  await visitor.visit('GET /', '/', 200)
  await visitor.visit('GET /openapi.json', '/openapi.json', 200)
  await visitor.visit('GET /v2/health/live', '/v2/health/live', 200)
  await visitor.visit('GET /v2/health/ready', '/v2/health/ready', 200)
})

// In this order: a later one calls what an earlier one made.
test.for([
  { given: 'models', journey: models },
  { given: 'versions of files', journey: versions },
  { given: 'registrations of uploads', journey: registrations },
  { given: 'aliases', journey: aliases },
  { given: 'the Open Inference Protocol', journey: inference },
  { given: 'rows', journey: rows },
  { given: "what OpenAI's clients call", journey: openAi },
  { given: 'calls that are answered later', journey: laterCalls },
  { given: 'batches', journey: batches },
  { given: 'datasets', journey: datasets },
  { given: 'runs', journey: runs },
  { given: 'triggers', journey: triggers },
  { given: 'consumers and keys', journey: consumers },
  { given: "a key's own routes", journey: ownRoutes },
  { given: 'prices and statistics', journey: prices },
  { given: 'credits and calls that nothing pays', journey: credits },
  { given: 'invoices, adjustments and exports', journey: invoices },
])('$given -> answers of the document', async ({ journey }) => {
  await journey(visitor)
})

/** Statuses that no request of this file brings about, by what makes them. */
const elsewhere = (name: string): Readonly<Record<number, string>> => ({
  429: "limits: test/functions/keys-in-full.test.ts; the gateway's throttle, and the bytes of a day's uploads",
  500: 'a fault of the service',
  501: 'sequences and maps: test/functions/predict.test.ts',
  503: 'stores that do not answer: test/functions',
  504: 'a model that does not end: test/journey/hostile.test.ts',
  303: 'an answer above 6 MB: test/journey/calls.test.ts',
  410: 'a kept answer whose object was removed: test/functions/charged-answers.test.ts, test/journey/calls.test.ts',
  ...(/infer$|:predict$|:explain$|embeddings$/.test(name) && {
    409: 'cancelled by another request while its caller waits',
  }),
  ...(/^(?:PATCH|DELETE) \/api\/models\/\{model\}$/.test(name) && { 409: 'two changes at the same moment' }),
})

test('every status that the document has -> came, or says where else it does', () => {
  const missing = contract.operations.flatMap(({ name, value }) =>
    Object.keys(value.responses)
      .filter((status) => !contract.seen(name).has(Number(status)) && !(Number(status) in elsewhere(name)))
      .map((status) => `${name} -> ${status}`),
  )
  expect(missing).toEqual([])
})

test('a document that says otherwise -> the answer is refused', async () => {
  const { running, ownerKey } = stack
  // biome-ignore lint/suspicious/noExplicitAny: a JSON document that is made wrong on purpose
  const altered = async (change: (document: any) => void): Promise<Contract> => {
    const document = await (await fetch(`${running.url}/openapi.json`)).json()
    change(document)
    return createContract(running.url, ownerKey, document)
  }
  const asked = (other: Contract): Promise<Answered> => other.call('GET /v2', '/v2')
  // biome-ignore lint/suspicious/noExplicitAny: a JSON document that is made wrong on purpose
  const wrong: readonly (readonly [(document: any) => void, RegExp])[] = [
    [({ components }) => delete components.schemas.metadata_server_response.properties.name, /additional properties/],
    [
      ({ components }) => components.schemas.metadata_server_response.required.push('state'),
      /required property 'state'/,
    ],
    [({ paths }) => delete paths['/v2'].get.responses['200'], /not documented/],
    [({ paths }) => delete paths['/v2'].get.responses['200'].content['application/json'], /application\/json/],
  ]
  for (const [change, words] of wrong) await expect(asked(await altered(change))).rejects.toThrow(words)
  await expect(asked(await altered(() => undefined))).resolves.toMatchObject({ status: 200 })
})
