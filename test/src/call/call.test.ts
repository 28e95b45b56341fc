import { expect, test } from 'vitest'
import type { Principal } from '../../../src/access/principal.ts'
import { answerCall, type Call, type CallPorts } from '../../../src/call/call.ts'
import type { Usage } from '../../../src/call/charge.ts'
import type { Deployed } from '../../../src/call/deployed.ts'
import { encodedJson } from '../../../src/call/encoded.ts'
import { PercallError } from '../../../src/errors.ts'

const deployed: Deployed = {
  version: {
    model: 'cars',
    number: 3,
    digest: '0'.repeat(64),
    sizeBytes: 1,
    signature: { inputs: [], outputs: [] },
    createdAtMs: 0,
  },
}

const consumer: Principal = { role: 'consumer', consumerId: 'acme', keyId: 'k', grants: ['cars'] }
const owner: Principal = { role: 'owner', consumerId: 'owner', keyId: 'o', grants: [] }

const refuse = (code: ConstructorParameters<typeof PercallError>[0]) => () => {
  throw new PercallError(code, 'planted')
}

const run = async (call: Partial<Call>, changed: Partial<CallPorts> = {}) => {
  const steps: string[] = []
  const rows: Usage[] = []
  const answer = answerCall({
    resolve: async () => deployed,
    admit: async (principal, model) => {
      steps.push('admit')
      return { principal, model, admittedAtMs: 0, hour: { label: 'h', startMs: 0, endMs: 1 } }
    },
    infer: async () => {
      steps.push('infer')
      return { outputs: [], loadMs: 0 }
    },
    settle: async (_, usage) => {
      steps.push('settle')
      rows.push(usage)
      return { units: usage.rows, costNano: 2000 }
    },
    nowMs: () => 0,
    isCold: () => false,
    ...changed,
  })
  const outcome = await answer({
    principal: consumer,
    reference: { kind: 'alias', model: 'cars', alias: 'live' },
    requestId: 'r',
    read: () => ({
      inputs: [],
      outputs: [],
      rows: 5,
      encode: () => {
        steps.push('encode')
        return encodedJson('{}')
      },
    }),
    ...call,
  }).then(
    ({ encoded: { body }, charge }) => ({ body, charge }),
    (thrown: unknown) => (thrown instanceof PercallError ? thrown.code : thrown),
  )
  return { outcome, steps, rows }
}

test('a call that succeeds -> encoded before it is charged, once', async () => {
  const { outcome, steps, rows } = await run({})
  expect(outcome).toEqual({ body: '{}', charge: { units: 5, costNano: 2000 } })
  expect(steps).toEqual(['admit', 'infer', 'encode', 'settle'])
  expect(rows).toMatchObject([{ model: 'cars', version: 3, rows: 5, requestId: 'r' }])
})

test.for([
  { given: 'an answer', infer: async () => ({ outputs: [], loadMs: 0 }), code: undefined },
  { given: 'a refusal', infer: async () => refuse('INFERENCE_REFUSED')(), code: 'INFERENCE_REFUSED' },
])('$given -> its chain began to open before the model ran, and nothing is under way when it leaves', async (row) => {
  const order: string[] = []
  const prepare = async () => {
    order.push('begun')
    await new Promise((resolve) => setImmediate(resolve))
    order.push('opened')
  }
  const infer = () => {
    order.push('infer')
    return row.infer()
  }
  const { outcome } = await run({}, { prepare, infer })
  expect(order).toEqual(['begun', 'infer', 'opened'])
  if (row.code) expect(outcome).toBe(row.code)
})

const huge = { inputs: [], outputs: [], rows: 1 }

test.for<{ given: string; call: Partial<Call>; ports?: Partial<CallPorts>; code: string }>([
  { given: 'a grant that is missing', call: { principal: { ...consumer, grants: ['other'] } }, code: 'NOT_GRANTED' },
  {
    given: 'an explanation that the owner keeps',
    call: { read: () => ({ ...huge, explained: true, encode: () => encodedJson('{}') }) },
    ports: { resolve: async () => ({ ...deployed, explain: 'owner' }) },
    code: 'OWNER_ONLY',
  },
  { given: 'a body at fault', call: { read: refuse('BAD_VALUE') }, code: 'BAD_VALUE' },
  { given: 'an unknown model', call: {}, ports: { resolve: refuse('UNKNOWN_MODEL') }, code: 'UNKNOWN_MODEL' },
  { given: 'an admission refused', call: {}, ports: { admit: refuse('NOT_READY') }, code: 'NOT_READY' },
  { given: 'an inference refused', call: {}, ports: { infer: refuse('INFERENCE_REFUSED') }, code: 'INFERENCE_REFUSED' },
  {
    given: 'an answer that JSON cannot carry',
    call: { read: () => ({ ...huge, encode: refuse('OUTPUT_NOT_EXPRESSIBLE') }) },
    code: 'OUTPUT_NOT_EXPRESSIBLE',
  },
  {
    given: 'an answer of 6 MB',
    call: { read: () => ({ ...huge, encode: () => encodedJson('x'.repeat(6 * 1024 * 1024)) }) },
    code: 'TOO_LARGE',
  },
  {
    given: 'an answer of 4 MB that is 8 MB when escaped',
    call: { read: () => ({ ...huge, encode: () => encodedJson('"'.repeat(4 * 1024 * 1024)) }) },
    code: 'TOO_LARGE',
  },
])('$given -> $code, nothing charged', async ({ call, ports, code }) => {
  const { outcome, rows } = await run(call, ports)
  expect(outcome).toBe(code)
  expect(rows).toEqual([])
})

test('bytes of 4.6 MB, 6.1 MB in base64 -> TOO_LARGE', async () => {
  const bytes = { body: new Uint8Array(4.6 * 1024 * 1024), headers: {} }
  const { outcome } = await run({ read: () => ({ ...huge, encode: () => bytes }) })
  expect(outcome).toBe('TOO_LARGE')
})

test('an answer of 5 MB -> passes', async () => {
  const { rows } = await run({ read: () => ({ ...huge, encode: () => encodedJson('x'.repeat(5 * 1024 * 1024)) }) })
  expect(rows).toHaveLength(1)
})

test('an owner without grants -> may call', async () => {
  const { rows } = await run({ principal: owner })
  expect(rows).toHaveLength(1)
})

test('a missing grant -> the registry is not asked whether the model exists', async () => {
  const { outcome } = await run({ principal: { ...consumer, grants: [] } }, { resolve: refuse('UNKNOWN_MODEL') })
  expect(outcome).toBe('NOT_GRANTED')
})
