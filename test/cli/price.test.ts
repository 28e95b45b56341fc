import { expect, test } from 'vitest'
import { runHere } from './run-here.ts'

const run = (...words: readonly string[]) =>
  runHere(['price', 'm', ...words], { cwd: import.meta.dirname, env: { PERCALL_URL: 'http://127.0.0.1:9' } })

test.for([[[]], [['--per', 'row']]] as const)(
  'an amount that is none, %j -> told of it, before the unit',
  async ([more]) => {
    const { code, stderr } = await run('abc', ...more)
    expect(code).toBe(1)
    expect(stderr).toContain('error: amount: expected a decimal with at most 9 places, got abc\n')
    expect(stderr).not.toContain('--per')
  },
)

test('an amount without its unit -> the unit is asked for', async () => {
  const { code, stderr } = await run('0.5')
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('percall price m 0.5 --per row') })
})
