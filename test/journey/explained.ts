import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { runHere } from '../cli/run-here.ts'
import type { Answer, Stack } from '../stack/stack.ts'
import { consumerKey, usageRows } from './ledger.ts'

type Contribution = { readonly name: string; readonly contribution: number; readonly parts?: unknown }
type Row = {
  readonly class: string
  readonly baseValue: number
  readonly prediction: number
  readonly answer: number
  readonly contributions: readonly Contribution[]
  readonly sentence: string
  readonly counterfactual: {
    readonly found: boolean
    readonly class: string
    readonly changes: readonly { readonly column: string; readonly to: unknown }[]
  }
}
type Instance = Readonly<Record<string, unknown>>

const priceOfRow = '0.5'

/**
 * Explains rows of the model `penguins` as a consumer: they add up, are charged once as explained rows, are replayed by key,
 * and are the same when they are answered later.
 */
export const explainedByAConsumer = async (stack: Stack, instances: readonly Instance[]): Promise<void> => {
  const { send } = stack
  const key = await consumerKey(stack, 'reader', ['penguins'])
  const price = { unit: 'explained_row', amount: priceOfRow }
  expect((await send('PUT', '/api/prices/penguins', { body: price })).status).toBe(200)
  const path = '/v1/models/penguins:explain'
  const body = { instances, counterfactual: { fixed: ['island', 'sex'] } }
  const asked = { key, body, headers: { 'idempotency-key': 'explain-1' } }
  const first = await send('POST', path, asked)
  expect(first.status, JSON.stringify(first.body)).toBe(200)
  const cost = String(instances.length / 2)
  expect(first.headers.get('percall-units')).toBe(String(instances.length))
  expect(first.headers.get('percall-cost')).toBe(cost)
  const rows: readonly Row[] = first.body.explanations
  expect(rows).toHaveLength(instances.length)
  for (const { baseValue, prediction, contributions, sentence } of rows) {
    const sum = contributions.reduce((total, { contribution }) => total + contribution, baseValue)
    expect(Math.abs(sum - prediction)).toBeLessThan(1e-9)
    expect(sentence).toMatch(/species = /)
  }
  const again = await send('POST', path, asked)
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(again.body).toEqual(first.body)
  const quoted = await send('POST', '/v1/models/penguins:quote?for=explain', { key, body: { instances } })
  expect(quoted.body).toMatchObject({ units: instances.length, cost })
  await flips(stack, instances, rows, first.body)
  await refusals(stack, key, instances)
  expect(await charged(stack)).toEqual([['explained_row', instances.length]])
  await later(stack, key, body, first)
  await laterInATerminal(stack, key, instances, first.body)
  expect(await charged(stack)).toEqual(new Array(3).fill(['explained_row', instances.length]))
}

/** Units of the calls of the model that were paid for, in their order. */
const charged = async (stack: Stack) =>
  (await usageRows(stack))
    .filter(({ model, costNano }) => model === 'penguins' && costNano > 0)
    .map(({ unit, units }) => [unit, units])

/** The same call answered by a worker: the same bytes, version and cost, however often they are fetched. */
const later = async ({ send }: Stack, key: string, body: unknown, first: Answer): Promise<void> => {
  const path = '/v1/models/penguins:explain'
  const accepted = await send('POST', path, { key, body, headers: { prefer: 'respond-async' } })
  expect(accepted.status, JSON.stringify(accepted.body)).toBe(202)
  const location = accepted.headers.get('location')!
  const ended = async (): Promise<Answer['body']> => {
    for (;;) {
      const call = await send('GET', location, { key })
      if (call.body.endedAt !== undefined) return call.body
      await sleep(50)
    }
  }
  const cost = first.headers.get('percall-cost')
  expect(await ended()).toMatchObject({ state: 'succeeded', units: first.body.explanations.length, cost })
  for (let times = 0; times < 2; times++) {
    const result = await send('GET', `${location}/result`, { key })
    expect(result.status).toBe(200)
    expect(result.body).toEqual(first.body)
    for (const name of ['percall-version', 'percall-units', 'percall-cost'])
      expect(result.headers.get(name)).toBe(first.headers.get(name))
  }
}

/** `percall explain FILE --async`: one call, which waits for its files. */
const laterInATerminal = async (
  { running }: Stack,
  key: string,
  instances: readonly Instance[],
  { explanations }: Answer['body'],
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-explain-later-'))
  writeFileSync(join(folder, 'rows.json'), JSON.stringify(instances))
  const env = { HOME: folder, PERCALL_URL: running.url, PERCALL_KEY: key }
  const words = ['--counterfactual', '--fixed', 'island,sex', '--async', '--out', 'out.json']
  const ran = await runHere(['explain', 'penguins', 'rows.json', ...words], { cwd: folder, env })
  expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: '' })
  expect(ran.stderr).toMatch(/^call \S+\n[\s\S]*penguins\/1: linear, explained rows 3, calls 1, units 3, cost 1\.5\n$/)
  const out = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'))
  expect(out.explanations).toEqual(explanations)
  rmSync(folder, { recursive: true })
}

/** The changes of each counterfactual, sent to the model itself. */
const flips = async (
  { send }: Stack,
  instances: readonly Instance[],
  rows: readonly Row[],
  { method }: { readonly method: string },
): Promise<void> => {
  expect(method).toBe('linear')
  const found = rows.map(({ counterfactual }) => counterfactual)
  expect(found.every((one) => one.found)).toBe(true)
  const changed = instances.map((instance, row) => ({
    ...instance,
    ...Object.fromEntries(found[row]!.changes.map(({ column, to }) => [column, to])),
  }))
  const before = await send('POST', '/v1/models/penguins:predict', { body: { instances } })
  const after = await send('POST', '/v1/models/penguins:predict', { body: { instances: changed } })
  after.body.predictions.forEach(({ label }: { label: string }, row: number) => {
    expect(label).toBe(found[row]!.class)
    expect(label).not.toBe(before.body.predictions[row].label)
    expect(found[row]!.changes.map(({ column }) => column)).not.toContain('island')
  })
}

const refusals = async ({ send }: Stack, key: string, instances: readonly Instance[]): Promise<void> => {
  const cases: readonly [change: object, status: number, code: string, says: RegExp][] = [
    [{ method: 'tree-interventional' }, 400, 'BAD_REQUEST', /expected linear or permutation/],
    [{ method: 'permutation', budget: 3 }, 400, 'BUDGET_TOO_SMALL', /budget/],
    [{ background: [{ nothing: 1 }] }, 400, 'BAD_BACKGROUND', /background, row 0/],
    [
      { counterfactual: { class: 'whale' } },
      400,
      'BAD_REQUEST',
      /counterfactual\.class: expected .*Gentoo.* got whale/,
    ],
    [{ class: 'whale' }, 400, 'BAD_REQUEST', /class whale: expected one of/],
    [{ language: 'tlh' }, 400, 'BAD_REQUEST', /language/],
  ]
  // A quote is refused with the same.
  for (const [change, status, code, says] of cases)
    for (const verb of ['explain', 'quote?for=explain'])
      expect(await send('POST', `/v1/models/penguins:${verb}`, { key, body: { instances, ...change } })).toMatchObject({
        status,
        body: { code, error: expect.stringMatching(says) },
      })
  const other = await send('POST', '/v1/models/cars:explain', { key, body: { instances: [{}] } })
  expect(other).toMatchObject({ status: 403, body: { code: 'NOT_GRANTED' } })
}

/** The same by the command line: bars and a page, another language, the version as a whole. */
export const explainedInATerminal = async ({ running, ownerKey }: Stack, instance: Instance): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-explain-'))
  const env = { HOME: folder, PERCALL_URL: running.url, PERCALL_KEY: ownerKey }
  const run = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await runHere(['explain', 'penguins', ...words], { cwd: folder, env })
    expect(code, stderr).toBe(0)
    return stdout
  }
  const row = ['--row', JSON.stringify(instance)]
  const drawn = await run(...row, '--counterfactual', '--fixed', 'island', '--html', 'page.html')
  expect(drawn).toMatch(/^The log-odds score of species = .*\nusual answer +\S+ +│ margin of .*[▏▎▍▌▋▊▉█]/s)
  expect(drawn).toMatch(/\(probability 0\.\d+\) with /)
  expect(readFileSync(join(folder, 'page.html'), 'utf8')).toMatch(
    /^<!doctype html>[\s\S]*penguins\/1[\s\S]*<\/html>\n$/,
  )
  expect(await run(...row, '--lang', 'zh')).toMatch(/^species = .* 的对数几率得分为/)
  expect(JSON.parse(await run(...row, '--json'))).toMatchObject({ method: 'linear', explanations: [{}] })
  const whole = await run('--global', '--plots', 'plots')
  expect(whole).toMatch(/Rise of the log-loss when a column is shuffled, 5 times on \d+ test rows/)
  expect(whole).toMatch(/probability of species = Gentoo:\n +\S+ +when /)
  expect(readdirSync(join(folder, 'plots'))).toContain('importance.svg')
  rmSync(folder, { recursive: true })
}

/** What the version says of itself as a whole, to its owner. */
export const explainedAsAWhole = async ({ send }: Stack): Promise<void> => {
  const path = '/api/models/penguins/versions/1/explanations'
  const { status, body } = await send('GET', path)
  expect(status, JSON.stringify(body)).toBe(200)
  expect(body).toMatchObject({ on: 'test', target: 'species', permutation: { loss: 'logLoss', repeats: 5 } })
  expect(body.leftOut).toEqual([])
  expect(body.plots).toEqual(expect.arrayContaining(['importance', 'shap', 'calibration', 'dependence-1']))
  // Islands and bills tell species apart.
  expect(body.permutation.columns[0].importance).toBeGreaterThan(0)
  expect(body.surrogate.fidelity.agreement).toBeGreaterThan(body.surrogate.fidelity.constantAgreement)
  for (const plot of body.plots) {
    const answer = await send('GET', `${path}/${plot}.svg`)
    expect(answer.headers.get('content-type')).toBe('image/svg+xml')
    expect(answer.body).toMatch(
      /^<svg .*role="img"[\s\S]*<title[\s\S]*<desc[\s\S]*prefers-color-scheme[\s\S]*<\/svg>\n$/,
    )
    expect(answer.body).not.toMatch(/NaN|Infinity|undefined/)
  }
  expect(await send('GET', `${path}/nothing.svg`)).toMatchObject({ status: 404, body: { code: 'UNKNOWN_EXPLANATION' } })
}
