/** Files whose columns are not quite the model's, against the local runtime: what is told, and what is taken all the same. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { consumerKey } from '../journey/ledger.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { runHere } from './run-here.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-columns-'))
let stack: Stack

const run = (words: readonly string[], key = stack.ownerKey) =>
  runHere(words, { cwd: folder, env: { HOME: folder, PERCALL_URL: stack.running.url, PERCALL_KEY: key } })

const rows = Array.from({ length: 120 }, (_, i) => {
  const area = 30 + ((i * 37) % 90)
  const town = i % 2 === 0 ? 'Hof' : 'Ulm'
  const rent = area * (town === 'Hof' ? 7 : 11) + (i % 5) / 2
  return [`W-${i}`, `${area},5`, town, String(rent).replace('.', ',')].join(';')
})
const write = (file: string, header: string, lines: readonly string[] = rows.slice(0, 3)) =>
  writeFileSync(join(folder, file), `${[header, ...lines].join('\n')}\n`)

beforeAll(async () => {
  write('train.csv', 'Nummer;Fläche;Ort;Miete', rows)
  write('misspelt.csv', 'Nummer;Flache;Ort;Miete')
  write('same.csv', 'Nummer;Fläche;Ort;Miete')
  const others = rows.slice(0, 3).map((line) => `${line};0`)
  write('other.csv', 'Nummer;Fläche;Ort;Miete;Etage', others)
  stack = await startStack()
  const words = ['--target', 'Miete', '--name', 'rent', '--algo', 'linear', '--budget', '1m', '--wait', '--yes']
  const { code, stderr } = await run(['train', 'train.csv', ...words])
  expect(code, stderr).toBe(0)
})
afterAll(async () => {
  await stack.close()
  rmSync(folder, { recursive: true, force: true })
})

const misspelt =
  'warning: column Fläche missing, taken as empty\nwarning: unknown column Flache (is it Fläche?) ignored\n'

test('the file of the training -> evaluated as it is, its identifier told as left out', async () => {
  const { code, stderr, stdout } = await run(['evaluate', 'rent', 'train.csv', '--json'])
  expect(code, stderr).toBe(0)
  expect(stderr).toMatch(/^column Nummer left out, as in the training\nrent\/1 on 120 rows: /)
  expect(JSON.parse(stdout)).toMatchObject({ rows: 120, dropped: 0, metrics: { r2: expect.closeTo(1, 1) } })
})

test.for([
  ['evaluate', []],
  ['predict', ['--ignore-unknown']],
  ['explain', ['--ignore-unknown']],
] as const)('%s %j with a misspelt column -> told, with the name that is close', async ([command, options]) => {
  const { code, stderr } = await run([command, 'rent', 'misspelt.csv', ...options])
  expect(code, stderr).toBe(0)
  expect(stderr).toContain(misspelt)
  expect(stderr).toMatch(/^columns? Nummer(, Miete)? left out, as in the training$/m)
})

test.for(['predict', 'explain'])(
  '%s with columns that the training left out -> taken without an option',
  async (command) => {
    const { code, stderr } = await run([command, 'rent', 'same.csv', '--out', `${command}.out`])
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('columns Nummer, Miete left out, as in the training\n')
    // A file comes back whole.
    if (command === 'predict')
      expect(readFileSync(join(folder, 'predict.out'), 'utf8')).toMatch(/^Nummer,Fläche,Ort,Miete,prediction\nW-0,/)
    expect((await run([command, 'rent', 'same.csv', '--quote'])).code).toBe(0)
  },
)

test('another column beside them -> refused as ever', async () => {
  const { code, stderr } = await run(['predict', 'rent', 'other.csv'])
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('Etage as well') })
})

test("a consumer's key, which may not read what the training left out -> told of what the model does not take", async () => {
  const key = await consumerKey(stack, 'acme', ['*'])
  const { code, stderr } = await run(['predict', 'rent', 'misspelt.csv', '--ignore-unknown'], key)
  expect(code, stderr).toBe(0)
  expect(stderr).toContain('warning: column Fläche missing, taken as empty\n')
  expect(stderr).toContain('warning: unknown columns Nummer, Flache (is it Fläche?), Miete ignored\n')
})
