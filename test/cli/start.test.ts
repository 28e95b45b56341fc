import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { credentialsPath, readProfiles, writeProfiles } from '../../cli/credentials.ts'
import { showDemo } from '../../cli/demo/show-demo.ts'
import { requireFreeFolder } from '../../cli/start/free-folder.ts'
import { requireFreePort } from '../../cli/start/free-port.ts'
import { localKeys } from '../../cli/start/local-keys.ts'
import { lockFolder } from '../../local/lock.ts'
import type { Running } from '../../local/main.ts'
import { type Reply, startService } from '../client/service.ts'

const json = { 'content-type': 'application/json' }

test('a data folder that a service has -> ALREADY_RUNNING with its URL; a free one -> nothing', () => {
  const data = mkdtempSync(join(tmpdir(), 'percall-folder-'))
  onTestFinished(() => rmSync(data, { recursive: true }))
  requireFreeFolder(data)
  const release = lockFolder(data)
  writeProfiles(credentialsPath(data), { local: { url: 'http://127.0.0.1:7', key: 'pc_live_x' } })
  const refused = { code: 'ALREADY_RUNNING', message: expect.stringMatching(/running .*, at http:\/\/127\.0\.0\.1:7$/) }
  expect(() => requireFreeFolder(data)).toThrow(expect.objectContaining(refused))
  release()
  requireFreeFolder(data)
})

test.for([
  ['a percall', { status: 200, headers: json, body: '{"live":true}' }, 'another percall'],
  ['another program', { status: 404 }, 'another program'],
  ['what speaks no HTTP', 'hang up', 'another program'],
] as const)('a port that %s has -> EADDRINUSE says so', async ([, reply, said]) => {
  const service = await startService([reply])
  onTestFinished(service.close)
  const refused = { code: 'EADDRINUSE', message: expect.stringContaining(said) }
  await expect(requireFreePort(Number(new URL(service.url).port))).rejects.toMatchObject(refused)
})

const refusal = (status: number, code: string, headers = {}): Reply => ({
  ...{ status, headers: { 'content-type': 'application/problem+json', ...headers } },
  body: JSON.stringify({ code, error: 'what happened', hint: 'what to do' }),
})

// A second request would have waited for the end of the limit.
test.for<[string, Reply, string]>([
  ['a grant that was taken away', refusal(403, 'NOT_GRANTED'), 'percall consumer grant local-consumer "\\*"'],
  ['a cap that is reached', refusal(402, 'PAYMENT_REQUIRED'), 'percall consumer plan local-consumer'],
  ['a rate limit', refusal(429, 'TOO_MANY_REQUESTS', { 'retry-after': '59' }), 'percall consumer limit local-consumer'],
  ['a fault', refusal(500, 'INTERNAL', { 'x-should-retry': 'false' }), 'what to do'],
])('a demonstration that %s ends -> why, what to do and --no-demo at once; with --once thrown', async (given) => {
  const [, reply, next] = given
  const service = await startService([reply])
  onTestFinished(service.close)
  const keys = { ownerKey: 'pc_live_o', consumerKey: 'pc_live_c' }
  const said = new RegExp(`^warning: .*service is up.*: what happened .*\n  next: .*${next}.*\n.*--no-demo`)
  expect(await showDemo(service.url, keys, {})).toEqual({ kind: 'failed', warning: expect.stringMatching(said) })
  expect(service.seen).toHaveLength(1)
  await expect(showDemo(service.url, keys, { once: true })).rejects.toThrow('what happened')
})

const keysFile = (url: string): string => {
  const data = mkdtempSync(join(tmpdir(), 'percall-keys-'))
  onTestFinished(() => rmSync(data, { recursive: true }))
  const profile = (key: string) => ({ url, key })
  writeProfiles(credentialsPath(data), { local: profile('pc_live_o'), 'local-consumer': profile('pc_live_c') })
  return data
}

const me = (consumer: string): Reply => ({ status: 200, headers: json, body: JSON.stringify({ consumer }) })

test.for<[string, Reply]>([
  ['a limit', refusal(429, 'TOO_MANY_REQUESTS', { 'retry-after': '59' })],
  ['its scopes', refusal(403, 'OUT_OF_SCOPE')],
  ['its IP ranges', refusal(403, 'NOT_FROM_HERE')],
])('a key of last time that %s refuses -> kept, without waiting', async ([, refused]) => {
  const service = await startService([me('owner'), refused])
  onTestFinished(service.close)
  const running = { url: service.url } as Running // the keys of last time ask for no more
  expect(await localKeys(running, keysFile(service.url))).toEqual({ ownerKey: 'pc_live_o', consumerKey: 'pc_live_c' })
  expect(service.seen).toHaveLength(2)
})

test.for<[string, Reply]>([
  ['unknown', refusal(401, 'KEY_UNKNOWN')],
  ['expired', refusal(401, 'KEY_EXPIRED')],
  ['revoked', refusal(401, 'KEY_REVOKED')],
  ["another consumer's", me('acme')],
])('a key of last time that is %s -> another one in its place', async ([, refused]) => {
  const made = { status: 201, headers: json, body: JSON.stringify({ id: 'k', secret: 'pc_live_new' }) }
  const service = await startService([me('owner'), refused, made])
  onTestFinished(service.close)
  const running = { url: service.url } as Running // its owner's key is kept
  expect(await localKeys(running, keysFile(service.url))).toEqual({ ownerKey: 'pc_live_o', consumerKey: 'pc_live_new' })
})

test.for<[string, Reply]>([
  ['a proxy that asks for its own password', { status: 401 }],
  ['a gateway that lets nobody through', { status: 403, headers: json, body: '{"message":"Forbidden"}' }],
  ['a code that is of no key', refusal(403, 'NOT_GRANTED')],
])('a refusal of %s -> thrown, and the keys of last time stay', async ([, refused]) => {
  const service = await startService([refused])
  onTestFinished(service.close)
  const data = keysFile(service.url)
  await expect(localKeys({ url: service.url } as Running, data)).rejects.toThrow()
  expect(readProfiles(credentialsPath(data)).local?.key).toBe('pc_live_o')
})
