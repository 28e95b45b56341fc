import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { curlLine, fieldsOf, instanceOf, placeholderOf } from '../../console/instance.ts'
import { consolePage, consolePolicy } from '../../functions/control/generated/console-page.ts'
import { buildConsole, consoleModule } from '../../scripts/build-console.ts'

const root = join(import.meta.dirname, '..', '..')

test('the module that is served -> what console/ gives today', async () => {
  expect(await buildConsole()).toBe(readFileSync(consoleModule, 'utf8'))
})

test('the page under its own policy -> its script and style are allowed, nothing comes from elsewhere', () => {
  for (const tag of ['script', 'style']) {
    const [, text = ''] = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(consolePage) ?? []
    expect(text).not.toBe('')
    const hash = createHash('sha256').update(text).digest('base64')
    expect(consolePolicy).toContain(`${tag}-src 'sha256-${hash}'`)
  }
  expect(consolePage).not.toMatch(/(?:src|href)=|style="|\son\w+="/)
})

test('console/ against the types of a browser -> clean', () => {
  const tsc = join(root, 'node_modules', '.bin', 'tsc')
  expect(execFileSync(tsc, ['-p', join(root, 'console')], { encoding: 'utf8' })).toBe('')
})

const column = (name: string, datatype: string, shape = [-1, 1]) => ({ name, datatype, shape })

test.for([
  { given: 'digits for a number', datatype: 'FP32', text: '1.5', cell: 1.5 },
  { given: 'a date for whole seconds', datatype: 'INT64', text: '1970-01-01', cell: '1970-01-01' },
  { given: 'digits for text', datatype: 'BYTES', text: '007', cell: '007' },
  { given: 'nothing', datatype: 'FP64', text: ' ', cell: null },
  { given: 'a list for a tensor', datatype: 'FP32', text: '[1, 2]', cell: [1, 2] },
])('$given -> $cell', ({ datatype, text, cell }) => {
  expect(instanceOf([column('a', datatype)], { a: text })).toEqual({ a: cell })
})

test.for([
  { input: column('a', 'FP32'), shown: '0  (FP32)' },
  { input: column('a', 'FP32', [-1, 2, 3]), shown: '[[0, 0, 0], [0, 0, 0]]  (FP32)' },
  { input: column('a', 'BYTES'), shown: 'text  (BYTES)' },
])('$input.datatype $input.shape -> $shown', ({ input, shown }) => {
  expect(placeholderOf(input)).toBe(shown)
})

test.for([
  { kind: 'date', format: 'ISO', text: '2024-01-31', shown: 'YYYY-MM-DD', cell: '2024-01-31' },
  { kind: 'date', format: 'YYYYMMDD', text: '20240131', shown: 'YYYYMMDD', cell: '20240131' },
  { kind: 'boolean', text: 'true', shown: 'true or false', cell: true },
  { kind: 'numeric', text: '1.5', shown: 'a number', cell: 1.5 },
])('a $kind column of a trained model -> $shown, $cell', ({ kind, format, text, shown, cell }) => {
  const columns = [{ name: 'a', kind, ...(format && { format }) }]
  const fields = fieldsOf({ inputs: [column('a', 'INT64'), column('b', 'FP32')], parameters: { columns } })
  expect(fields.map(placeholderOf)).toEqual([shown, '0  (FP32)'])
  expect(instanceOf(fields, { a: text })).toEqual({ a: cell, b: null })
})

test('a quote in a cell -> a curl line that a shell reads back', () => {
  const line = curlLine('http://x', 'm', { a: "it's" }).replace(/^curl/, 'printf "%s\\n"')
  const words = execFileSync('sh', ['-c', line], { encoding: 'utf8', env: { PERCALL_KEY: 'k' } })
    .trim()
    .split('\n')
  expect(words.at(-1)).toBe('{"instances":[{"a":"it\'s"}]}')
})
