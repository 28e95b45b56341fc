/** True answers as training reads them: decimal commas, other spellings of a label, and labels that no class has. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { type Reply, startService } from '../client/service.ts'
import { trainOn } from '../fixtures/learning.ts'
import { runHere } from './run-here.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-evaluate-labels-'))
afterAll(() => rmSync(folder, { recursive: true }))

const reply = (body: object, headers = {}): Reply => ({
  ...{ status: 200, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) },
})
const facts = { 'percall-version': 'm/3', 'percall-units': '3', 'percall-cost': '0.1' }
const predicted = (predictions: readonly unknown[]) => reply({ predictions }, facts)

/** Evaluates a file by a version with this manifest, or without one. */
const evaluate = async (text: string, manifest: object | undefined, answer: Reply, ...more: readonly string[]) => {
  writeFileSync(join(folder, 'rows.csv'), text)
  const version = {
    name: 'm',
    version: 3,
    inputs: [{ name: 'x' }],
    ...(manifest && { manifestDigest: '0'.repeat(64) }),
  }
  const service = await startService([reply(version), ...(manifest ? [reply(manifest)] : []), answer])
  onTestFinished(service.close)
  const env = { HOME: folder, PERCALL_URL: service.url, PERCALL_KEY: 'pc_live_test' }
  const ran = await runHere(['evaluate', 'm@3', 'rows.csv', '--json', ...more], { cwd: folder, env })
  const calls = service.seen.filter(({ url }) => url.includes(':predict'))
  return { ...ran, sent: calls.flatMap(({ body }) => JSON.parse(body).instances) }
}

const x = Array.from({ length: 20 }, (_, i) => String(i))
const tableOf = (y: readonly string[]) => ({ names: ['x', 'y'], columns: [x, y] })
const manifestOf = async (y: readonly string[], algorithm: 'linear' | 'logistic') =>
  (await trainOn(tableOf(y), { target: 'y', algorithm })).manifest

const commas = 'x;y\n1;1000,5\n2;n/a\n3;3000,5\n'

test('a target with decimal commas and a spelling of missing -> read as by the training', async () => {
  const manifest = await manifestOf(
    x.map((cell) => `${cell},5`),
    'linear',
  )
  const { stderr, stdout } = await evaluate(commas, manifest, predicted([1000.5, 3000.5]))
  expect(stderr).toMatch(/^1 of 3 rows have no y and are left out\n/)
  expect(JSON.parse(stdout)).toMatchObject({ rows: 2, dropped: 1, metrics: { rmse: 0, r2: 1 } })
})

test.for([
  ['an older manifest', { task: 'regression', target: { name: 'y', kind: 'numeric' } }],
  ['no manifest', undefined],
] as const)('decimal commas, %s -> read as training would read this file', async ([, manifest]) => {
  const { stderr, stdout } = await evaluate(
    commas.replace('2;n/a\n', ''),
    manifest,
    predicted([1000.5, 3000.5]),
    ...['--target', 'y'],
  )
  expect(stdout, stderr).not.toBe('')
  expect(JSON.parse(stdout)).toMatchObject({ rows: 2, dropped: 0, metrics: { rmse: 0, r2: 1 } })
})

const answered = (label: string) => ({ label, probabilities: { bug: label === 'bug' ? 1 : 0, howto: 0, other: 0 } })
const labelled = 'x,y\n1, bug \n2,bugg\n3,howto\n4,bugg\n5,Bug\n'
const unknownTold =
  '3 of 5 rows have a y that is no class of the model, and are left out: bugg (2), Bug (1)\nm/3 on 2 rows: '

test('labels that the training did not have -> told, counted, and neither asked nor paid for', async () => {
  const manifest = await manifestOf(
    x.map((_, i) => ['bug', 'howto', 'other'][i % 3]!),
    'logistic',
  )
  const { stderr, stdout, sent } = await evaluate(labelled, manifest, predicted([answered('bug'), answered('bug')]))
  expect(stderr).toContain(unknownTold)
  expect(sent).toEqual([{ x: '1' }, { x: '3' }])
  expect(JSON.parse(stdout)).toMatchObject({ rows: 2, unknownLabels: { bugg: 2, Bug: 1 }, metrics: { accuracy: 0.5 } })
})

test('the same without a manifest -> told behind the call', async () => {
  const all = Array.from({ length: 5 }, () => answered('bug'))
  const file = labelled.replace(' bug ', 'bug')
  const { stderr, stdout, sent } = await evaluate(file, undefined, predicted(all), '--target', 'y')
  expect(stderr).toContain(unknownTold)
  expect(sent).toHaveLength(5)
  expect(JSON.parse(stdout)).toMatchObject({ rows: 2, unknownLabels: { bugg: 2, Bug: 1 }, metrics: { accuracy: 0.5 } })
})

test('whole numbers as classes, in another spelling -> the same class', async () => {
  const manifest = await manifestOf(
    x.map((_, i) => String((i % 3) + 1)),
    'logistic',
  )
  const probabilities = { 1: 1, 2: 0, 3: 0 }
  const answer = predicted([{ label: 1, probabilities }])
  const { stdout, stderr } = await evaluate('x,y\n1,1.0\n2,one\n', manifest, answer)
  expect(stderr).toContain('1 of 2 rows have a y that is no class of the model, and are left out: one (1)\n')
  expect(JSON.parse(stdout)).toMatchObject({ rows: 1, metrics: { accuracy: 1 } })
})

test('no row with a class of the model -> refused before the call, with both', async () => {
  const manifest = await manifestOf(
    x.map((_, i) => ['bug', 'howto'][i % 2]!),
    'logistic',
  )
  const { code, stderr, sent } = await evaluate('x,y\n1,bugg\n2,Bug\n', manifest, predicted([]))
  expect({ code, sent }).toEqual({ code: 1, sent: [] })
  expect(JSON.parse(stderr).error).toMatchObject({
    code: 'BAD_CELL',
    message: 'rows.csv, column y: expected bug, howto, got bugg, Bug only',
  })
})
