/** What the command line tells a consumer, and an owner of its consumers, on the running product. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, pushVersion } from '../../client/percall.ts'
import { consumerKey } from '../journey/ledger.ts'
import { addModel } from '../journey/models.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { runHere } from './run-here.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-consumers-'))
let stack: Stack
let key = ''

const run = (words: readonly string[], secret = key) =>
  runHere(words, { cwd: folder, env: { HOME: folder, PERCALL_URL: stack.running.url, PERCALL_KEY: secret } })

const push = (model: string, alias?: string) =>
  pushVersion(createClient({ url: stack.running.url, key: stack.ownerKey }), model, addModel(1), alias)

beforeAll(async () => {
  stack = await startStack()
  for (const model of ['add', 'other']) await push(model)
  key = await consumerKey(stack, 'acme', ['add'])
})
afterAll(async () => {
  await stack.close()
  rmSync(folder, { recursive: true, force: true })
})

test('versions of a model without live -> their numbers to a consumer too; of one not granted -> refused', async () => {
  await push('add', 'canary')
  // Before the first call: what an alias points to is kept for seconds.
  expect((await stack.send('DELETE', '/api/models/add/aliases/live')).status).toBe(204)
  expect((await run(['versions', 'add', '--json'])).stdout).toBe('{"versions":[{"version":1},{"version":2}]}\n')
  const { code, stdout, stderr } = await run(['versions', 'add'])
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: 'version\n      1\n      2\n' })
  expect(await run(['versions', 'other'])).toMatchObject({ code: 3, stderr: expect.stringContaining('NOT_GRANTED') })
})
