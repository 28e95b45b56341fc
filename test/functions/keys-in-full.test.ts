/** What a key may be narrowed to, how often it may call, what a call would cost, and who changed what; in process, over our own tables. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { listAudit } from '../../adapters/access/audit.ts'
import { awayFromHourEnd } from '../calendar.ts'
import { addModel, inferBody } from '../journey/models.ts'
import { type Asked, openDoors } from './doors.ts'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  // The handlers log one line a request.
  vi.spyOn(console, 'log').mockImplementation(() => {})
  doors = await openDoors()
  await control('POST', '/api/models/add/versions', { body: addModel(1) })
  await control('PUT', '/api/prices/add', {
    body: { unit: 'row', amount: '0.000000007', minimumPerCall: '0.00000002' },
  })
})
afterAll(() => doors.close())

const control = (method: string, path: string, asked: Asked = {}) =>
  doors.control(method, path, { key: doors.owner, ...asked })
const infer = (key: string, asked: Asked = {}) =>
  doors.predict('POST', '/v2/models/add/infer', { key, body: inferBody(1), ...asked })
const newKey = async (consumer: string, body: object): Promise<{ id: string; secret: string }> =>
  (await control('POST', `/api/consumers/${consumer}/keys`, { body })).body
const auditOf = async (of: string, more = '') =>
  (await control('GET', '/api/audit', { query: `of=${of}${more}` })).body.changes

test('a consumer with limits -> headers of the draft, then 429 with Retry-After; failed requests count', async () => {
  const made = await control('POST', '/api/consumers', {
    body: { id: 'limited', grants: ['add'], limits: { perMinute: 4, concurrent: 2 } },
  })
  expect(made).toMatchObject({ status: 201, body: { limits: { perMinute: 4, concurrent: 2 } } })
  const { secret } = await newKey('limited', {})
  const first = await infer(secret)
  expect(first).toMatchObject({
    status: 200,
    headers: {
      'ratelimit-policy': '"permin";q=4;w=60, "concurrent";q=2;qu="concurrent-requests"',
      ratelimit: expect.stringMatching(/^"permin";r=3;t=\d+, "concurrent";r=1$/),
    },
  })
  // A minute may end on the way.
  let answer = await infer(secret, { body: {} })
  expect(answer.status).toBe(400)
  for (let i = 0; i < 8 && answer.status !== 429; i++) answer = await infer(secret, { body: i % 2 ? {} : inferBody(1) })
  expect(answer).toMatchObject({
    status: 429,
    headers: { ratelimit: expect.stringMatching(/^"permin";r=0;t=\d+$/) },
    body: {
      code: 'TOO_MANY_REQUESTS',
      error: expect.stringMatching(/^limit permin: expected at most 4 requests in 60 s/),
    },
  })
  expect(Number(answer.headers['retry-after'])).toBe(Number(/t=(\d+)/.exec(String(answer.headers.ratelimit))?.[1]))
})

test('no limits -> no headers of limits', async () => {
  const { headers } = await infer(await doors.consumerKey('unlimited', ['add']))
  expect(Object.keys(headers)).not.toContain('ratelimit')
})

test('a key with scopes -> what they name, and 403 elsewhere', async () => {
  await doors.consumerKey('scoped', ['add'])
  const caller = (await newKey('scoped', { scopes: ['predict'] })).secret
  const reader = (await newKey('scoped', { scopes: ['usage'] })).secret
  expect((await infer(caller)).status).toBe(200)
  expect(await doors.control('GET', '/api/me', { key: caller })).toMatchObject({
    status: 403,
    body: { code: 'OUT_OF_SCOPE' },
  })
  expect(await doors.control('POST', '/api/me/keys', { key: caller, body: {} })).toMatchObject({ status: 403 })
  expect(await infer(reader)).toMatchObject({ status: 403, body: { code: 'OUT_OF_SCOPE' } })
  expect(await doors.control('GET', '/api/me', { key: reader })).toMatchObject({
    status: 200,
    body: { scopes: ['usage'] },
  })
})

test('a key with IP ranges -> callers in them, of both families', async () => {
  await doors.consumerKey('placed', ['add'])
  const { secret } = await newKey('placed', { ipRanges: ['203.0.113.0/24', '2001:db8::/32'] })
  for (const from of ['203.0.113.9', '2001:db8:1::1', '::ffff:203.0.113.1'])
    expect((await infer(secret, { from })).status).toBe(200)
  for (const from of ['203.0.114.1', '2001:db9::1', '127.0.0.1'])
    expect(await infer(secret, { from })).toMatchObject({ status: 403, body: { code: 'NOT_FROM_HERE' } })
})

test('a rotated key -> both secrets for the overlap, the old one with its end; of racing rotations one', async () => {
  await awayFromHourEnd() // with it may end the day
  await doors.consumerKey('rotor', ['add'])
  const old = await newKey('rotor', { limits: { perMinute: 1000 }, limit: '5', scopes: ['predict'] })
  const rotate = () => control('POST', `/api/consumers/rotor/keys/${old.id}/rotate`, { body: { overlap: '1h' } })
  const [one, two] = await Promise.all([rotate(), rotate()])
  expect([one.status, two.status].sort()).toEqual([201, 409])
  const made = one.status === 201 ? one.body : two.body
  expect(Date.parse(made.old.expires) - Date.now()).toBeGreaterThan(3_500_000)
  for (const secret of [old.secret, made.secret]) expect((await infer(secret)).status).toBe(200)
  const { keys } = (await control('GET', '/api/consumers/rotor/keys')).body
  const byId = new Map(keys.map((key: { id: string }) => [key.id, key]))
  const same = {
    limits: { perMinute: 1000 },
    limit: '5',
    scopes: ['predict'],
    lastUsed: new Date().toISOString().slice(0, 10),
  }
  expect(byId.get(old.id)).toMatchObject({ ...same, rotatedTo: made.id })
  expect(byId.get(made.id)).toMatchObject(same)
  expect(byId.get(made.id)).not.toHaveProperty('expires')
  expect(await rotate()).toMatchObject({
    status: 409,
    body: { error: expect.stringContaining(`was rotated to ${made.id}`) },
  })
  const actions = (await auditOf('key/rotor')).map(({ action }: { action: string }) => action)
  expect(actions.filter((action: string) => action === 'key.rotate')).toHaveLength(1)
})

test.for([
  ['a bad range', { ipRanges: ['10.0.0.1/8'] }, 'BAD_REQUEST', /body\.ipRanges\.0: expected CIDR/],
  ['no range', { ipRanges: [] }, 'BAD_REQUEST', /at least one range/],
  [
    'a time that has passed',
    { expires: '2020-01-01T00:00:00Z' },
    'BAD_REQUEST',
    /body\.expires: expected a time to come/,
  ],
  [
    'a limit of 0 requests',
    { limits: { perMinute: 0 } },
    'BAD_REQUEST',
    /body\.limits\.perMinute: expected a whole number 1/,
  ],
  ['no limits', { limits: {} }, 'BAD_REQUEST', /body\.limits: expected perSecond, perMinute or concurrent/],
  ['half a request', { limits: { perSecond: 0.5 } }, 'BAD_REQUEST', /perSecond/],
  ['a limit of 0', { limit: '0' }, 'BAD_PRICE', /limit: expected a decimal above 0, got 0/],
  ['a negative limit', { limit: '-1' }, 'BAD_PRICE', /limit: .*got -1/],
  ['a limit of a part of a nano', { limit: '0.0000000001' }, 'BAD_PRICE', /limit/],
  ['a limit beyond what integers hold', { limit: '9007200' }, 'BAD_PRICE', /limit/],
  ['an unknown scope', { scopes: ['all'] }, 'BAD_REQUEST', /scopes\.0: expected predict, explain/],
] as const)('a key with %s -> refused, and none is made', async ([, body, code, words]) => {
  await control('POST', '/api/consumers', { body: { id: 'picky' } })
  const answer = await control('POST', '/api/consumers/picky/keys', { body })
  expect(answer).toMatchObject({ status: 400, body: { code, error: expect.stringMatching(words) } })
  expect((await control('GET', '/api/consumers/picky/keys')).body.keys).toEqual([])
  expect(await auditOf('key/picky')).toEqual([])
})

const csv = (values: readonly number[]): Asked => ({
  headers: { 'content-type': 'text/csv' },
  body: `x\n${values.join('\n')}\n`,
})
const framed = (values: readonly number[]): Asked => {
  const data = {
    name: 'x',
    datatype: 'FP32',
    shape: [values.length, 1],
    parameters: { binary_data_size: values.length * 4 },
  }
  const json = Buffer.from(JSON.stringify({ inputs: [data] }))
  const body = new Uint8Array(Buffer.concat([json, Buffer.from(Float32Array.from(values).buffer)]))
  return { body, headers: { 'inference-header-content-length': String(json.length) } }
}
const raw = (values: readonly number[]): Asked => ({
  body: new Uint8Array(Float32Array.from(values).buffer),
  headers: { 'inference-header-content-length': '0' },
})
const kinds = {
  rows: {
    path: '/v1/models/add:predict',
    asked: (values: readonly number[]) => ({ body: { instances: values.map((x) => [x]) } }),
  },
  csv: { path: '/v1/models/add:predict', asked: csv },
  tensors: { path: '/v2/models/add/infer', asked: (values: readonly number[]) => ({ body: inferBody(...values) }) },
  binary: { path: '/v2/models/add/infer', asked: framed },
  raw: { path: '/v2/models/add/infer', asked: raw },
}

test('a quote of any body -> the charge of the call that follows, and no charge of its own', async () => {
  const key = await doors.consumerKey('careful', ['add'])
  const property = fc.asyncProperty(
    fc.constantFrom(...Object.values(kinds)),
    fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 12 }),
    async ({ path, asked }, values) => {
      const before = (await doors.usageRows()).length
      const quoted = await doors.predict('POST', '/v1/models/add:quote', { key, ...asked(values) })
      expect(quoted.status, quoted.text).toBe(200)
      expect((await doors.usageRows()).length).toBe(before)
      const { status, headers } = await doors.predict('POST', path, { key, ...asked(values) })
      expect(status).toBe(200)
      const { units, cost, rows, name, version } = quoted.body
      expect([`${name}/${version}`, String(units), cost]).toEqual([
        headers['percall-version'],
        headers['percall-units'],
        headers['percall-cost'],
      ])
      expect(rows).toBe(values.length)
    },
  )
  await fc.assert(property, { numRuns: 25 })
})

test('a quote without a grant, of a bad body, and of a model whose explanations alone are priced -> as the call would be', async () => {
  const quote = (key: string, asked: Asked) =>
    doors.predict('POST', '/v1/models/add:quote', { key, body: inferBody(1), ...asked })
  expect(await quote(await doors.consumerKey('stranger', []), {})).toMatchObject({
    status: 403,
    body: { code: 'NOT_GRANTED' },
  })
  expect(await quote(doors.owner, { body: { inputs: [] } })).toMatchObject({ status: 400 })
  expect(await quote(doors.owner, { query: 'for=fun' })).toMatchObject({
    status: 400,
    body: { error: 'for: expected predict or explain, got fun' },
  })
  await control('POST', '/api/models/told/versions', { body: addModel(1) })
  await control('PUT', '/api/prices/told', { body: { unit: 'explained_row', amount: '0.5' } })
  const key = await doors.consumerKey('asker', ['told'])
  const told = await doors.predict('POST', '/v1/models/told:quote', { key, body: inferBody(1, 2, 3) })
  expect(told.body).toMatchObject({ units: 0, cost: '0' })
})

test('racing changes of one consumer, price, alias and model -> one row for each that was made, and none for the others', async () => {
  await control('POST', '/api/consumers', { body: { id: 'contested', grants: [] } })
  await control('POST', '/api/models', { body: { name: 'busy' } })
  const racing = Array.from({ length: 6 }, (_, i) => i)
  const changes = await Promise.all([
    ...racing.map((i) => control('PATCH', '/api/consumers/contested', { body: { grants: [`m${i}`] } })),
    ...racing.map((i) => control('PUT', '/api/prices/busy', { body: { unit: 'call', amount: `0.${i + 1}` } })),
    ...racing.map((i) => control('PATCH', '/api/models/busy', { body: { title: `t${i}` } })),
    ...racing.map(() => control('PUT', '/api/models/add/aliases/contested', { body: { version: 1 } })),
  ])
  const made = (kind: number): number =>
    changes.slice(kind * 6, kind * 6 + 6).filter(({ status }) => status === 200).length
  const rows = await Promise.all([
    ...['consumer/contested', 'price/busy', 'model/busy', 'alias/add/contested'].map((of) => auditOf(of)),
  ])
  const changed = rows.map(
    (found) => found.filter(({ action }: { action: string }) => !action.endsWith('create')).length,
  )
  expect(changed).toEqual([made(0), made(1), made(2), made(3)])
  for (const count of changed) expect(count).toBeGreaterThan(0)
  // Each change of the consumer begins with what the one before it left.
  const [consumers] = rows
  const inOrder = consumers.toReversed()
  for (const [i, row] of inOrder.slice(1).entries()) expect(row.from).toEqual(inOrder[i].to)
})

test('rows of the audit -> by thing, by actor and by page, newest first, without secrets', async () => {
  const pasted = await newKey('contested', { name: `was pc_live_${'A'.repeat(33)}` })
  await control('DELETE', `/api/consumers/contested/keys/${pasted.id}`)
  await control('DELETE', `/api/consumers/contested/keys/${pasted.id}`)
  const found = await auditOf('key/contested')
  expect(found.map(({ action, of }: { action: string; of: string }) => [action, of])).toEqual([
    ['key.revoke', `key/contested/${pasted.id}`],
    ['key.create', `key/contested/${pasted.id}`],
  ])
  expect(found[1]).toMatchObject({ from: null, to: { name: 'was pc_live_(hidden)' } })
  const { items } = await listAudit(doors.registry)({ fromMs: 0, toMs: Date.now() + 1000 }, { limit: 1000 })
  const text = JSON.stringify(items)
  expect(text).not.toMatch(/pc_live_[0-9A-Za-z]/)
  expect(text).not.toContain('sha256')
  const me = (await control('GET', '/api/me')).body.key
  const paged: string[] = []
  for (let next = ''; ; ) {
    const { body } = await control('GET', '/api/audit', { query: `by=${me}&limit=7${next && `&next=${next}`}` })
    paged.push(...body.changes.map(({ id }: { id: string }) => id))
    if (!body.next) break
    next = body.next
  }
  expect(paged).toEqual(items.filter(({ actor }) => actor === me).map(({ id }) => id))
  expect(await auditOf('key', '&to=2020-01-01')).toEqual([])
  expect(await control('GET', '/api/audit', { query: 'from=yesterday' })).toMatchObject({ status: 400 })
})
