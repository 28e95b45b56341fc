/**
 * Bad input of every kind, over HTTP through the whole stack: each is refused with a status below 500 and one body that
 * says what was expected and what came; nothing is charged, and the next good call is answered.
 */
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, type Stack, startStack } from '../stack/stack.ts'
import { type BadRequest, badHeaders, badNames, badTensors, goodCall, type KeyName, oddCalls } from './bad-calls.ts'
import { badFiles, badKeys, badOwnerRequests } from './bad-owner-requests.ts'
import { badRows } from './bad-rows.ts'
import { consumerKey, usageRows } from './ledger.ts'
import { addModel, echoModel } from './models.ts'
import { pushed } from './pushed.ts'
import { sendRaw } from './raw-request.ts'
import { publishTrained } from './trained.ts'

let stack: Stack
let keys: Readonly<Record<KeyName, string>>

/** A key whose time is over. Its end must be to come when the request arrives, so it is put off until it is. */
const expiredKey = async ({ send }: Stack): Promise<string> => {
  for (let leadMs = 1000; ; leadMs *= 4) {
    const endMs = Date.now() + leadMs
    const body = { expires: new Date(endMs).toISOString() }
    const made = await send('POST', '/api/consumers/acme/keys', { body })
    if (made.status !== 201) continue
    await setTimeout(Math.max(0, endMs - Date.now()))
    return made.body.secret
  }
}

const makeKeys = async ({ send, ownerKey }: Stack): Promise<typeof keys> => {
  const consumer = await consumerKey(stack, 'acme', ['*'])
  const keyOf = async (body: object): Promise<{ id: string; secret: string }> =>
    (await send('POST', '/api/consumers/acme/keys', { body })).body
  const narrow = await keyOf({ grants: ['adder'] })
  const expired = await expiredKey(stack)
  const revoked = await keyOf({})
  await send('DELETE', `/api/consumers/acme/keys/${revoked.id}`)
  const orphan = await consumerKey(stack, 'gone', ['*'])
  await send('DELETE', '/api/consumers/gone')
  const mistyped = consumer.slice(0, -1) + (consumer.endsWith('a') ? 'b' : 'a')
  const secrets = { narrow: narrow.secret, expired, revoked: revoked.secret }
  return { consumer, owner: ownerKey, mistyped, orphan, ...secrets }
}

beforeAll(async () => {
  stack = await startStack()
  await pushed(stack, 'adder', addModel(1.1234567))
  await pushed(stack, 'echo', echoModel())
  await publishTrained(stack, 'trained')
  keys = await makeKeys(stack)
})
afterAll(() => stack.close())

const ask = ({ key = 'consumer', headers, ...request }: BadRequest[1]): Promise<Answer> =>
  sendRaw(stack.running.url, {
    ...request,
    headers: { ...(key !== null && { authorization: `Bearer ${keys[key]}` }), ...headers },
  })

// A folder or file of the machine, a line of a stack, a name of ours or of the bundle.
const innards =
  /\/(?:tmp|dev|work|home|var|usr|opt|Users|private)\/|\bat \S+ \(|:\d+:\d+\)?$|node_modules|index\.js|\.ts\b/m

const expectRefusal = ({ status, headers, body }: Answer, [, , expected, code, words]: BadRequest): void => {
  const text = JSON.stringify(body)
  expect(text).not.toMatch(innards)
  expect(text.length).toBeLessThan(5000)
  if (code === null) {
    // The gateway's own refusals cannot be changed.
    expect({ status, message: body.message }).toEqual({ status: expected, message: expect.stringMatching(words) })
    return
  }
  expect({ status, code: body.code, error: body.error }).toEqual({
    status: expected,
    code,
    error: expect.stringMatching(words),
  })
  expect(body).toMatchObject({ status, hint: expect.stringMatching(/\S/), detail: body.error })
  expect(headers.get('percall-request-id')).toBe(body.requestId)
  if (status === 405) expect(headers.get('allow')).toMatch(/^[A-Z, ]+$/)
}

const table: Readonly<Record<string, readonly BadRequest[]>> = {
  name: badNames,
  tensors: badTensors,
  headers: badHeaders,
  rows: badRows,
  key: badKeys,
  file: badFiles,
  owner: badOwnerRequests,
}

test.for(
  Object.entries(table).flatMap(([group, lines]) => lines.map((line) => [`${group}: ${line[0]}`, line] as const)),
)('%s -> refused, in words, and free', async ([, line]) => {
  const before = await usageRows(stack)
  expectRefusal(await ask(line[1]), line)
  expect(await usageRows(stack)).toEqual(before)
})

const echoed = [[1, 2], [7], ['a']]
const echoOf = ({ status, body }: Answer) => [status, body.outputs?.map(({ data }: { data: unknown }) => data)]

test.for(oddCalls)('%s -> answered', async ([, request]) => {
  expect(echoOf(await ask(request))).toEqual([200, echoed])
})

test('after all that -> a good call is answered and charged once', async () => {
  const before = await usageRows(stack)
  expect(echoOf(await ask(goodCall))).toEqual([200, echoed])
  expect(await usageRows(stack)).toHaveLength(before.length + 1)
})
