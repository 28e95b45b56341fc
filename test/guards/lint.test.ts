import { expect, test } from 'vitest'
import { lint } from './planted.ts'

const impure: readonly (readonly [given: string, text: string, refusal: string])[] = [
  ['the time of day', 'export const x = Date.now()', 'noJsRestrictedProperties'],
  ['a date of now', 'export const x = new Date()', 'src has no clock'],
  ['a random number', 'export const x = Math.random()', 'noJsRestrictedProperties'],
  ['a random number under another name', 'export const { random } = Math', 'noJsRestrictedProperties'],
  ['the environment', 'export const x = process.env.HOME', 'global variable process'],
  ['random bytes', 'export const x = crypto.randomUUID()', 'global variable crypto'],
  ['random bytes by globalThis', 'export const x = globalThis.crypto.randomUUID()', 'global variable globalThis'],
  ['a timer', 'export const x = () => setTimeout(() => {}, 1)', 'global variable setTimeout'],
  ['the clock of the machine', 'export const x = performance.now()', 'global variable performance'],
  ['a request', "export const x = fetch('http://localhost')", 'global variable fetch'],
  ['output', "export const x = () => console.log('x')", 'global variable console'],
  ['a Buffer', "export const x = Buffer.from('x')", 'global variable Buffer'],
]

const ofIndex = (index: number): string => `src/run/planted${index}.ts`
const saidOfImpure = lint(Object.fromEntries(impure.map(([, text], index) => [ofIndex(index), `${text}\n`])))

test.for(impure.map(([given, , refusal], index) => [given, refusal, index] as const))(
  'src with %s -> refused: %s',
  ([, refusal, index]) => {
    expect(saidOfImpure.get(ofIndex(index))).toContain(refusal)
  },
)

test('a date of a given time in src, and a clock in adapters -> allowed', () => {
  const said = lint({
    'src/hour.ts': 'export const iso = (ms: number) => new Date(ms).toISOString()\n',
    'adapters/clock.ts': 'export const nowMs = () => Date.now()\n',
  })
  expect([...said]).toEqual([])
})

const handlerOf = (lines: number): string =>
  ['export const handler = () => {', ...Array.from({ length: lines }, (_, at) => `  seen(${at})`), '}', ''].join('\n')

test('a function of 21 lines in any folder of functions -> refused; of 18 allowed', () => {
  const folders = ['functions', 'functions/train', 'functions/control', 'functions/middleware']
  const said = lint(
    Object.fromEntries(
      folders.flatMap((folder) => [
        [`${folder}/long.ts`, handlerOf(21)],
        [`${folder}/short.ts`, handlerOf(18)],
      ]),
    ),
  )
  expect([...said.keys()].sort()).toEqual(folders.map((folder) => `${folder}/long.ts`).sort())
  for (const text of said.values()) expect(text).toContain('noExcessiveLinesPerFunction')
})

test('two files that import each other -> refused', () => {
  const said = lint({
    'src/a.ts': "import { b } from './b.ts'\nexport const a = () => b\n",
    'src/b.ts': "import { a } from './a.ts'\nexport const b = () => a\n",
  })
  expect(said.get('src/a.ts')).toContain('lint/suspicious/noImportCycles')
})

test('two files that take types of each other -> refused', () => {
  const said = lint({
    'src/a.ts': "import type { B } from './b.ts'\nexport type A = { readonly b?: B }\n",
    'src/b.ts': "import type { A } from './a.ts'\nexport type B = { readonly a?: A }\n",
  })
  expect(said.get('src/a.ts')).toContain('lint/suspicious/noImportCycles')
})

test('a non-null assertion in functions and adapters -> refused', () => {
  const text = 'export const first = (list: readonly string[]): string => list[0]!\n'
  const said = lint({ 'functions/x.ts': text, 'adapters/x.ts': text, 'src/estimators/x.ts': text })
  expect([...said.keys()].sort()).toEqual(['adapters/x.ts', 'functions/x.ts'])
})
