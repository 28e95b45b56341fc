/** What the command line tells a consumer, and an owner of its consumers, on the running product. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { amendGrants, createClient, createConsumer, getConsumer, pushVersion } from '../../client/percall.ts'
import { createGraph } from '../../src/onnx/graph.ts'
import { consumerKey } from '../journey/ledger.ts'
import { addModel } from '../journey/models.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { runHere } from './run-here.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-consumers-'))
let stack: Stack
let key = ''

const run = (words: readonly string[], secret = key) =>
  runHere(words, { cwd: folder, env: { HOME: folder, PERCALL_URL: stack.running.url, PERCALL_KEY: secret } })
const owner = (...words: readonly string[]) => run(words, stack.ownerKey)
const client = () => createClient({ url: stack.running.url, key: stack.ownerKey })

const push = (model: string, alias?: string) => pushVersion(client(), model, addModel(1), alias)

/** Answers [n, 1, 1], which is no value, or a few, for each row. */
const cubeModel = (): Uint8Array => {
  const graph = createGraph('cube')
  const x = graph.input('x', 'FP32', [-1, 1])
  graph.node('Reshape', [x, graph.constant('INT64', [3], BigInt64Array.of(-1n, 1n, 1n))], { output: 'y' })
  graph.output('y', 'FP32', [-1, 1, 1])
  return graph.toBytes()
}

beforeAll(async () => {
  stack = await startStack()
  for (const model of ['add', 'other']) await push(model)
  await pushVersion(client(), 'cube', cubeModel())
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

test('grants set, one added, one taken away -> what they are and were; what was not there is told', async () => {
  await createConsumer(client(), { id: 'granted', grants: ['add', 'other'] })
  const grant = (...words: readonly string[]) => owner('consumer', 'grant', 'granted', ...words)
  expect(await grant('add')).toMatchObject({ code: 0, stderr: 'grants of granted: add; before: add, other\n' })
  expect((await grant('other', 'add', '--add')).stderr).toBe('grants of granted: add, other; before: add\n')
  expect(JSON.parse((await grant('add', '--remove', '--json')).stdout)).toMatchObject({
    ...{ grants: ['other'], grantsBefore: ['add', 'other'] },
  })
  expect((await grant('ad', '--remove')).stderr).toBe(
    'grants of granted: other; before: other\nwarning: granted had no grant of ad\n',
  )
  expect((await grant()).stderr).toBe('grants of granted: none; before: other\n')
  await grant('*', 'add')
  expect((await grant('add', '--remove')).stderr).toMatch(/\nwarning: granted may still call every model by .*"\*"\n$/)
  expect(await getConsumer(client(), 'granted')).not.toHaveProperty('grantsBefore')
})

test.for([
  [['add', '--add', '--remove'], 'expected one of them, got both'],
  [['--remove'], 'expected models beside it, got none'],
] as const)('consumer grant acme %j -> exit code 2: %s', async ([words, said]) => {
  const { code, stderr } = await owner('consumer', 'grant', 'acme', ...words)
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) })
})

test('grants added by several at the same time -> all of them', async () => {
  await createConsumer(client(), { id: 'raced', grants: [] })
  const models = ['a', 'b', 'c']
  await Promise.all(models.map((model) => amendGrants(client(), 'raced', { add: [model] })))
  expect((await getConsumer(client(), 'raced')).grants.toSorted()).toEqual(models)
})

test("an owner's calls of a priced model -> free, and their rows counted as a batch's; a consumer's by the price", async () => {
  await stack.send('PUT', '/api/prices/other', { body: { unit: 'row', amount: '0.5' } })
  const rows = [[1], [2], [3]]
  writeFileSync(join(folder, 'rows.json'), JSON.stringify(rows))
  writeFileSync(join(folder, 'rows.csv'), 'x\n1\n2\n')
  expect((await owner('predict', 'other@1', 'rows.json')).stderr).toBe('other/1: calls 1, units 3, cost 0\n')
  expect((await owner('predict', 'other@1', 'rows.json', '--async', '--out', 'out')).stderr).toMatch(
    /units 3, cost 0\n$/,
  )
  expect((await owner('batch', 'other@1', 'rows.csv', '--wait')).stderr).toMatch(/units 2, cost 0\n$/)
  const quote = JSON.parse((await owner('predict', 'other@1', 'rows.json', '--quote', '--json')).stdout)
  expect(quote).toMatchObject({ units: 3, cost: '0', consumers: { units: 3, cost: '1.5' } })
  const used = JSON.parse((await owner('usage', 'owner', '--json')).stdout)
  expect(used.by).toEqual([{ model: 'other', calls: 3, units: 8, cost: '0' }])
})

test.for([
  ['add', '{"x":1}', ['--method', 'tree-interventional'], 'method: expected permutation for this model'],
  ['add', '{"x":1}', ['--budget', '1'], 'budget: expected at least 2 model rows for each explained row'],
  ['add', '{"x":1}', ['--interactions'], 'interactions: expected a model of trees or a linear one'],
  ['add', '{"x":1}', ['--counterfactual'], 'counterfactual: expected a trained model of classes'],
  ['cube', '{"x":1}', [], 'model: expected an output of numbers with one or two dimensions'],
] as const)('a quote for an explanation of %s %s %j -> refused as the explanation: %s', async (given) => {
  const [model, row, options, said] = given
  const words = ['explain', `${model}@1`, '--row', row, ...options]
  const refused = await owner(...words)
  expect(refused.stderr).toContain(`error: ${said}`)
  const quoted = await owner(...words, '--quote')
  const withoutId = (text: string) => text.replace(/request id: .*/, '')
  expect(withoutId(quoted.stderr)).toBe(withoutId(refused.stderr))
  expect(quoted.code).toBe(refused.code)
})

test('a quote for an explanation that would be answered -> its price, and its options reach the service', async () => {
  const { code, stdout, stderr } = await owner('explain', 'add@1', '--row', '{"x":1}', '--budget', '100', '--quote')
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: expect.stringMatching(/^add\/1: 1 x no price, cost 0/) })
})
