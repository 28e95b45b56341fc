/**
 * Tensor requests by fast-check through the real handler and ONNX Runtime's Identity: the echo is exact, or the refusal
 * has the code of what is wrong; never a 5xx. 300 of them; 100,000 with PERCALL_LONG.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createGraph } from '../../../src/onnx/graph.ts'
import { openDoors } from '../doors.ts'
import { bytesOfLiteral, type FuzzDatatype, textBytes } from './element.ts'
import { anyRequest, type FuzzInput, type FuzzRequest, fuzzModels } from './request.ts'

const runs = process.env.PERCALL_LONG ? 100_000 : 300
const hour = 3_600_000

const identities = (inputs: readonly FuzzInput[]): Uint8Array => {
  const graph = createGraph('echo')
  for (const { name, datatype, declared } of inputs) graph.input(name, datatype, declared)
  for (const { name, datatype, declared } of inputs) {
    graph.node('Identity', [name], { output: `${name}_out` })
    graph.output(`${name}_out`, datatype, declared)
  }
  return graph.toBytes()
}

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  // The handlers log one line a request.
  vi.spyOn(console, 'log').mockImplementation(() => {})
  doors = await openDoors()
  for (const [name, inputs] of Object.entries(fuzzModels)) {
    const pushed = await doors.control('POST', `/api/models/${name}/versions`, {
      key: doors.owner,
      body: identities(inputs),
    })
    expect(pushed.status).toBe(201)
  }
})
afterAll(() => doors.close())

type Output = {
  readonly name: string
  readonly datatype: FuzzDatatype
  readonly shape: readonly number[]
  readonly data?: readonly string[]
  readonly parameters?: { readonly binary_data_size?: number; readonly non_finite?: boolean }
}

// Literals stay as they are written.
const literals = (_key: string, value: unknown, { source }: { readonly source: string }): unknown =>
  typeof value === 'number' || typeof value === 'boolean' || value === null ? source : value

// TypeScript's library does not know the reviver's third argument yet.
const parse = (text: string) => JSON.parse(text, literals as (key: string, value: unknown) => unknown)

/** JSON has one zero, and null for what is not finite. */
const asJson = (datatype: FuzzDatatype, bytes: readonly number[]): readonly number[] => {
  if (datatype !== 'FP32' && datatype !== 'FP64') return bytes
  const view = new DataView(Uint8Array.from(bytes).buffer)
  const value = datatype === 'FP32' ? view.getFloat32(0, true) : view.getFloat64(0, true)
  if (!Number.isFinite(value)) return []
  return value === 0 ? bytes.map(() => 0) : bytes
}

const elementBytes = ({ datatype }: Output, element: string): readonly number[] => {
  if (element === 'null') return []
  return datatype === 'BYTES' ? textBytes(element) : (bytesOfLiteral(datatype, element) ?? [])
}

const expectEcho = ({ sent }: FuzzRequest, json: { outputs: readonly Output[] }, binary: Uint8Array): void => {
  let offset = 0
  expect(json.outputs.map(({ name }) => name)).toEqual(sent.map(({ name }) => `${name}_out`))
  for (const [i, output] of json.outputs.entries()) {
    const { datatype, shape, elements = [] } = sent[i] ?? {}
    expect([output.datatype, output.shape.map(Number)]).toEqual([datatype, shape])
    const bytes = elements.map((element) => element.bytes ?? [])
    if (output.data) {
      const expected = bytes.map((element) => asJson(output.datatype, element))
      expect(output.data.map((element) => elementBytes(output, element))).toEqual(expected)
      const holdsNull = expected.some(({ length }) => length === 0)
      expect(output.parameters).toEqual(holdsNull ? { non_finite: 'true' } : undefined)
    } else {
      const end = offset + Number(output.parameters?.binary_data_size)
      expect([...binary.subarray(offset, end)]).toEqual(bytes.flat())
      offset = end
    }
  }
  expect(offset).toBe(binary.length)
}

const counted = new Map<string, number>()

const check = async (request: FuzzRequest): Promise<void> => {
  const { model, body, headers, codes, fault } = request
  const asked = { key: doors.owner, body, headers }
  const answer = await doors.predict('POST', `/v2/models/${model}/infer`, asked)
  counted.set(`${answer.status} ${fault}`, (counted.get(`${answer.status} ${fault}`) ?? 0) + 1)
  if (codes.length > 0) {
    expect(answer.status).toBe(400)
    expect(codes).toContain(answer.body.code)
    return
  }
  expect([answer.status, answer.status === 200 || answer.text]).toEqual([200, true])
  const length = answer.headers['inference-header-content-length']
  const end = length === undefined ? answer.bytes.length : Number(length)
  expectEcho(request, parse(answer.bytes.subarray(0, end).toString()), answer.bytes.subarray(end))
}

test(`${runs} requests -> an exact echo, or a refusal for the right reason`, { timeout: hour }, async () => {
  await fc.assert(fc.asyncProperty(anyRequest, check), { numRuns: runs })
  if (process.env.PERCALL_LONG) process.stdout.write(`${JSON.stringify(Object.fromEntries([...counted].sort()))}\n`)
})

test(`${runs} requests with some bytes changed -> an answer or a refusal, never a fault`, {
  timeout: hour,
}, async () => {
  const noise = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(anyRequest, noise, async ({ model, body, headers }, changes) => {
      const changed = Uint8Array.from(body)
      for (const [at, byte] of changes) changed[at % changed.length] = byte
      const answer = await doors.predict('POST', `/v2/models/${model}/infer`, {
        key: doors.owner,
        body: changed,
        headers,
      })
      expect(answer.status).toBeLessThan(500)
    }),
    { numRuns: runs },
  )
})
