import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root, tool } from './planted.ts'

/** One violation of each option of tsconfig.json, and the compiler's code for it. */
const planted: readonly (readonly [option: string, text: string, code: string])[] = [
  ['strict', 'export const f = (x) => x', 'TS7006'],
  ['strict (null)', 'export const f = (x: string | null): number => x.length', 'TS18047'],
  ['verbatimModuleSyntax', "import { Import } from '../scripts/imports.ts'\nexport type A = Import", 'TS1484'],
  ['erasableSyntaxOnly', 'export enum Colour { Red }', 'TS1294'],
  ['exactOptionalPropertyTypes', 'export const x: { a?: number } = { a: undefined }', 'TS2375'],
  ['noImplicitOverride', 'class A { f() {} }\nexport class B extends A { f() {} }', 'TS4114'],
  ['noUncheckedIndexedAccess', 'export const f = (x: number[]): number => x[0]', 'TS2322'],
  [
    'noFallthroughCasesInSwitch',
    'export const f = (x: number): number => {\n  let y = 0\n  switch (x) {\n    case 1:\n      y = 1\n    case 2:\n      y += 2\n  }\n  return y\n}',
    'TS7029',
  ],
  ['noUnusedLocals', 'const x = 1\nexport {}', 'TS6133'],
  ['noUnusedParameters', 'export const f = (x: number): number => 1', 'TS6133'],
]

test('a violation of each compiler option -> each refused with its code', () => {
  // Inside the repository, so that the planted files find their packages and types.
  const folder = mkdtempSync(join(root, '.planted-'))
  try {
    for (const [index, [, text]] of planted.entries()) writeFileSync(join(folder, `planted${index}.ts`), `${text}\n`)
    const config = { extends: join(root, 'tsconfig.json'), include: ['*.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const { stdout } = spawnSync(tool('tsc'), ['-p', folder, '--pretty', 'false'], { cwd: folder, encoding: 'utf8' })
    const refused = planted.map(([option, , code], index) => [
      option,
      new RegExp(`planted${index}\\.ts\\(.*error ${code}`).test(stdout),
    ])
    expect(refused).toEqual(planted.map(([option]) => [option, true]))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
