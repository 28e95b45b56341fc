import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { observed } from '../../../functions/middleware/observed.ts'
import { PercallError } from '../../../src/errors.ts'

const daemon = createSocket('udp4')
const received: Record<string, unknown>[] = []
let address = ''
beforeAll(async () => {
  daemon.on('message', (datagram) => {
    const [header = '', document = ''] = datagram.toString().split('\n')
    expect(JSON.parse(header)).toEqual({ format: 'json', version: 1 })
    received.push(JSON.parse(document))
  })
  daemon.bind(0, '127.0.0.1')
  await once(daemon, 'listening')
  address = `127.0.0.1:${daemon.address().port}`
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => daemon.close())

const context = { getRemainingTimeInMillis: () => 1000 }
const root = '1-5759e988-bd862e3fe1be46a994272793'
const traced = `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`

const work = observed<Error | undefined, string>('probe', async (thrown) => {
  if (thrown) throw thrown
  return 'done'
})

test('three traced invocations -> three subsegments of the invocation in its trace: answered, refused, failed', async () => {
  vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', address)
  vi.stubEnv('_X_AMZN_TRACE_ID', traced)
  await work(undefined, context)
  await work(new PercallError('NOT_ONNX', 'planted'), context).catch(() => undefined)
  await work(new Error('planted'), context).catch(() => undefined)
  await vi.waitUntil(() => received.length === 3, { timeout: 600_000 })
  const common = { name: '## probe', type: 'subsegment', trace_id: root, parent_id: '53995c3f42cd8ad8' }
  expect(received).toMatchObject([
    { ...common, annotations: { service: 'probe', cold_start: true } },
    { ...common, error: true, annotations: { code: 'NOT_ONNX', cold_start: false } },
    { ...common, fault: true, annotations: { code: 'INTERNAL' } },
  ])
  for (const { id, start_time, end_time } of received) {
    expect(id).toMatch(/^[0-9a-f]{16}$/)
    expect(Number(end_time)).toBeGreaterThanOrEqual(Number(start_time))
    expect(Math.abs(Number(end_time) * 1000 - Date.now())).toBeLessThan(60_000)
  }
  expect(JSON.stringify(received)).not.toContain('planted')
})

test.for([
  {
    given: 'an invocation that X-Ray does not record',
    header: `Root=${root};Parent=53995c3f42cd8ad8;Sampled=0`,
    to: 'daemon',
  },
  { given: 'no trace', header: '', to: 'daemon' },
  { given: 'no daemon', header: traced, to: '' },
  { given: 'an address where nobody listens', header: traced, to: '127.0.0.1:9' },
  { given: 'an address that is none', header: traced, to: 'nowhere' },
])('$given -> the answer all the same, and no subsegment', async ({ header, to }) => {
  received.length = 0
  vi.stubEnv('_X_AMZN_TRACE_ID', header)
  vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', to === 'daemon' ? address : to || undefined)
  expect(await work(undefined, context)).toBe('done')
  expect(await work(undefined, context)).toBe('done')
  expect(received).toEqual([])
})
