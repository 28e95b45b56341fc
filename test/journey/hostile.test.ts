/** Models that loop, allocate, crash or lie, through the whole stack: each costs its own caller an error, and nobody else. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { gatherModel, hugeConstantModel, loopModel, modelOf, outerModel, zerosModel } from '../src/onnx/hostile.ts'
import { changedAssembly, productAssembly, type Template } from '../stack/assembly.ts'
import { type Answer, type Stack, startStack } from '../stack/stack.ts'
import { addModel, inferBody } from './models.ts'

const octets = { 'content-type': 'application/octet-stream' }
const timeLimitMs = 15_000

/** The product with a shorter time limit of one call, in which a busy machine still starts a child. */
const withTimeLimit = (template: Template): void => {
  for (const [id, { Type, Properties }] of Object.entries<Template>(template.Resources)) {
    if (Type === 'AWS::Lambda::Function' && /^predict/.test(id))
      Properties.Environment.Variables.PERCALL_INFERENCE_LIMIT_MS = String(timeLimitMs)
  }
}

const folder = mkdtempSync(join(tmpdir(), 'percall-hostile-'))
let stack: Stack
let key: string
beforeAll(async () => {
  const product = await productAssembly(inject('runFolder'))
  stack = await startStack({ assembly: changedAssembly(product, join(folder, 'out'), 'PercallService', withTimeLimit) })
  const { send } = stack
  await push('good', addModel(1))
  await send('POST', '/api/consumers', { body: { id: 'acme', plan: 'postpaid', grants: ['*'] } })
  key = (await send('POST', '/api/consumers/acme/keys', { body: {} })).body.secret
})
afterAll(async () => {
  await stack.close()
  rmSync(folder, { recursive: true, force: true })
})

const push = (model: string, bytes: Uint8Array): Promise<Answer> =>
  stack.send('POST', `/api/models/${model}/versions`, { body: bytes, headers: octets })

const input = (name: string, datatype: string, shape: readonly number[], data: readonly number[]) => ({
  inputs: [{ name, datatype, shape, data }],
})

let answered = 0
const call = async (model: string, body: unknown): Promise<Answer> => {
  const answer = await stack.send('POST', `/v2/models/${model}/infer`, { key, body })
  if (answer.status === 200) answered++
  return answer
}

/** Paths, source files and C++ of ONNX Runtime or of this machine. */
const leak =
  /[\\/](?:tmp|dev|home|work|var|opt|usr|onnxruntime_src|src)\b|\.(?:cc|cpp|h|ts|js)\b|::|onnxruntime_|\bat \S+ \(/

const expectAnswers = async (why: string): Promise<void> => {
  const beganAtMs = performance.now()
  const { status, body } = await call('good', inferBody(41))
  console.log(`after ${why}: another model answered in ${Math.round(performance.now() - beganAtMs)} ms`)
  expect([status, body.outputs?.[0].data]).toEqual([200, [42]])
}

test.for([
  {
    what: 'external data',
    bytes: modelOf({
      initializer: [
        {
          name: 'w',
          dataType: 1,
          dims: [1n],
          dataLocation: 1,
          externalData: [{ key: 'location', value: '/etc/passwd' }],
        },
      ],
    }),
    code: 'UNSUPPORTED_ONNX',
  },
  {
    what: 'claimed sizes',
    bytes: modelOf({ initializer: [{ name: 'w', dataType: 1, dims: [2n ** 40n] }] }),
    code: 'UNSUPPORTED_ONNX',
  },
  { what: 'no protobuf', bytes: new TextEncoder().encode('MZ this is no model'), code: 'NOT_ONNX' },
  { what: 'half a file', bytes: loopModel().subarray(0, 60), code: 'NOT_ONNX' },
  {
    what: 'a node that ONNX Runtime does not know',
    bytes: modelOf({ node: [{ opType: 'Nope', input: ['x'], output: ['y'] }] }),
    code: 'UNSUPPORTED_ONNX',
  },
  {
    what: 'a value that nothing makes',
    bytes: modelOf({ node: [{ opType: 'Relu', input: ['q'], output: ['y'] }] }),
    code: 'UNSUPPORTED_ONNX',
  },
])('$what -> $code at its registration, without a path', async ({ bytes, code }) => {
  const { status, body } = await push('lies', bytes)
  expect([status, body.code]).toEqual([400, code])
  expect(JSON.stringify(body)).not.toMatch(leak)
  await expectAnswers(code)
})

test.for([
  {
    what: 'a loop without end',
    bytes: loopModel(),
    body: input('go', 'FP32', [], [1]),
    fine: input('go', 'FP32', [], [0]),
    code: 'INFERENCE_TIMEOUT',
    status: 504,
  },
  {
    what: '8 GB by a value',
    bytes: zerosModel(),
    body: input('n', 'INT64', [1], [2_000_000_000]),
    fine: input('n', 'INT64', [1], [3]),
    code: 'OUT_OF_MEMORY',
    status: 400,
  },
  {
    what: '4 TB by a value',
    bytes: zerosModel(),
    body: input('n', 'INT64', [1], [1_000_000_000_000]),
    fine: input('n', 'INT64', [1], [3]),
    code: 'OUT_OF_MEMORY',
    status: 400,
  },
  {
    what: '14 GB by shapes',
    bytes: outerModel(),
    body: {
      inputs: [
        ['a', [60_000, 1]],
        ['b', [1, 60_000]],
      ].map(([name, shape]) => ({ name, shape, datatype: 'FP32', data: new Array(60_000).fill(1) })),
    },
    fine: {
      inputs: [
        ['a', [1, 1]],
        ['b', [1, 1]],
      ].map(([name, shape]) => ({ name, shape, datatype: 'FP32', data: [1] })),
    },
    code: 'OUT_OF_MEMORY',
    status: 400,
  },
  {
    what: 'an index beyond',
    bytes: gatherModel(),
    body: input('i', 'INT64', [1, 2], [9, 9]),
    fine: input('i', 'INT64', [1, 2], [0, 1]),
    code: 'INFERENCE_REFUSED',
    status: 400,
  },
])(
  '$what -> $status $code for its caller, another model answers, and it itself too',
  async ({ what, bytes, body, fine, code, status }) => {
    const model = what.replaceAll(/\W/g, '-')
    expect((await push(model, bytes)).status).toBe(201)
    const [refused] = await Promise.all([call(model, body), expectAnswers(`${what} began`)])
    expect([refused.status, refused.body.code], JSON.stringify(refused.body)).toEqual([status, code])
    expect(JSON.stringify(refused.body)).not.toMatch(leak)
    await expectAnswers(what)
    expect((await call(model, fine)).status).toBe(200)
  },
)

test('8 GB in the file itself -> refused at once or when called', async () => {
  const pushed = await push('huge', hugeConstantModel())
  const { status, body } = pushed.status === 201 ? await call('huge', input('x', 'FP32', [1], [1])) : pushed
  expect([400, 504], JSON.stringify(body)).toContain(status)
  expect(JSON.stringify(body)).not.toMatch(leak)
  await expectAnswers('8 GB in the file')
})

test('bytes of valid files changed at random -> a version or a 400, never a 5xx', async () => {
  const files = [gatherModel(), addModel(1), modelOf()]
  const change = fc.record({ file: fc.constantFrom(...files), at: fc.nat(1000), byte: fc.nat(255) })
  for (const { file, at, byte } of fc.sample(change, { numRuns: 12, seed: 4 })) {
    const bytes = file.slice()
    bytes[at % bytes.length] = byte
    const { status, body } = await push('mutant', bytes)
    expect([201, 400], JSON.stringify(body)).toContain(status)
    if (status === 400) expect(['NOT_ONNX', 'UNSUPPORTED_ONNX']).toContain(body.code)
    expect(JSON.stringify(body)).not.toMatch(leak)
  }
  await expectAnswers('mutations')
})

test('afterwards -> only answered calls were counted', async () => {
  const { body } = await stack.send('GET', '/api/consumers/acme/usage')
  expect(body.totals.calls).toBe(answered)
})
