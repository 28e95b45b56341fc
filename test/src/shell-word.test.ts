import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { shellWord } from '../../src/shell-word.ts'

test.for(['plain', 'a=b', 'net weight', "it's", '$HOME `id`', 'a"b', '*', '重量', 'line\nbreak', '', '; rm'])(
  '%j -> one word of a shell, as it was',
  (text) => {
    expect(execFileSync('sh', ['-c', `printf '%s|' ${shellWord(text)}`]).toString()).toBe(`${text}|`)
  },
)

test('what a shell reads as it is -> without quotes', () => {
  expect(shellWord('x1=dd/mm/yyyy')).toBe('x1=dd/mm/yyyy')
})
