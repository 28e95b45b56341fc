/** A model that needs more memory than the small predict function gives one, with that limit lowered to 160 MB. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { denseModel } from '../../bench/models/dense-model.ts'
import { changedAssembly, productAssembly, type Template } from '../stack/assembly.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { figuresOf } from './figures.ts'
import { consumerKey, usageRows } from './ledger.ts'
import { addModel, inferBody } from './models.ts'

const limitMb = 160
const pollMs = 50
const folder = mkdtempSync(join(tmpdir(), 'percall-large-'))

const functionsOf = (template: Template, id: RegExp): readonly Template[] =>
  Object.entries<Template>(template.Resources)
    .filter(([name, { Type }]) => Type === 'AWS::Lambda::Function' && id.test(name))
    .map(([, { Properties }]) => Properties)

let stack: Stack
let send: Stack['send']
let large: Template
beforeAll(async () => {
  const product = await productAssembly(inject('runFolder'))
  const assembly = changedAssembly(product, join(folder, 'assembly'), 'PercallService', (template) => {
    const [small] = functionsOf(template, /^predictFunction/)
    small!.Environment.Variables.PERCALL_SMALL_MODEL_MB = String(limitMb)
    large = functionsOf(template, /^predictlargeFunction/)[0]
  })
  stack = await startStack({ assembly })
  send = stack.send
})
afterAll(async () => {
  await stack.close()
  rmSync(folder, { recursive: true })
})

const register = async (model: string, bytes: Uint8Array) => {
  const asked = { contentType: 'application/octet-stream', sizeBytes: bytes.length }
  const { url, headers, id: upload } = (await send('POST', '/api/uploads', { body: asked })).body
  expect((await fetch(url, { method: 'PUT', body: Buffer.from(bytes), headers })).status).toBe(200)
  const { body: began } = await send('POST', `/api/models/${model}/versions`, { body: { upload } })
  for (;;) {
    const { body } = await send('GET', began.location)
    if (body.endedAt !== undefined) return (await send('GET', `/api/models/${model}/versions/1`)).body
    await setTimeout(pollMs)
  }
}

const isLargeUp = (): boolean =>
  stack.running.environments().some(({ functionName }) => /predictlarge/i.test(functionName))

const body = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 30], data: Array(30).fill(0.5) }] }

test('the large function -> more memory, and nobody to hand a call on to', () => {
  expect(large.MemorySize).toBe(8192)
  expect(Object.keys(large.Environment.Variables)).not.toContain('PERCALL_LARGE_FUNCTION')
})

test('a model above the limit -> answered by the large function, once charged; below it -> by the small one', async () => {
  const small = await register('small', addModel(1))
  const dense = await register('dense', denseModel())
  expect(small.probe.peakMb).toBeLessThan(limitMb)
  expect(dense.probe.peakMb).toBeGreaterThan(limitMb)

  expect((await send('POST', '/v2/models/small/infer', { body: inferBody(1) })).body.outputs[0].data).toEqual([2])
  const narrow = await consumerKey(stack, 'narrow', ['small'])
  expect((await send('POST', '/v2/models/dense/infer', { key: narrow, body })).status).toBe(403)
  expect(isLargeUp()).toBe(false)

  const answer = await send('POST', '/v2/models/dense/infer', { body })
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200, body: { model_name: 'dense' } })
  expect(answer.headers.get('percall-version')).toBe('dense/1')
  expect(answer.body.outputs[0].shape).toEqual([1, 1])
  expect(isLargeUp()).toBe(true)
  const refused = await send('POST', '/v2/models/dense/infer', { body: inferBody(1) })
  expect(refused).toMatchObject({ status: 400, body: { code: 'SHAPE_MISMATCH' } })
  expect((await usageRows(stack)).filter(({ model }) => model === 'dense')).toHaveLength(1)
  // Both functions wrote a line of it, under the same name.
  const requestId = answer.headers.get('percall-request-id') ?? ''
  expect(stack.logged(requestId)).toHaveLength(2)
  expect(figuresOf(stack, requestId)).toEqual([{ service: 'predict', calls: 1, cost: 0 }])
})
