/** docs/errors.md against src/errors.ts, both ways, and every code against the code that throws it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorTable } from '../src/errors.ts'
import { sourceFiles } from './source-files.ts'

type Row = { readonly status: number; readonly hint: string }
type Table = Readonly<Record<string, Row>>

const line = /^\| `([A-Z_]+)` +\| (\d+) +\| (.*\S) +\| (.*\S) +\|$/gm

/** The table of codes in `markdown`. */
const documented = (markdown: string): Table =>
  Object.fromEntries(
    [...markdown.matchAll(line)].map(([, code = '', status, , hint = '']) => [
      code,
      { status: Number(status), hint: hint.replaceAll('\\|', '|') },
    ]),
  )

/** Where `markdown` and the table of errors differ, one line each. */
export const documentFaults = (markdown: string, table: Table = errorTable): readonly string[] => {
  const rows = documented(markdown)
  const missing = Object.keys(table).filter((code) => !(code in rows))
  const extra = Object.keys(rows).filter((code) => !(code in table))
  const different = Object.entries(table).filter(([code, { status, hint }]) => {
    const row = rows[code]
    return row !== undefined && (row.status !== status || row.hint !== hint)
  })
  return [
    ...missing.map((code) => `docs/errors.md: no row for ${code} of src/errors.ts`),
    ...extra.map((code) => `docs/errors.md: row ${code} has no code in src/errors.ts`),
    ...different.map(([code, { status, hint }]) => `docs/errors.md: row ${code}: expected ${status} and hint: ${hint}`),
  ]
}

/** Codes of the table that no product code of `root` names. */
export const unusedCodes = (root: string, table: Table = errorTable): readonly string[] => {
  const product = sourceFiles(root).filter(
    (path) => /^(src|adapters|functions)\//.test(path) && path !== 'src/errors.ts',
  )
  const text = product.map((path) => readFileSync(join(root, path), 'utf8')).join('\n')
  return Object.keys(table)
    .filter((code) => !text.includes(`'${code}'`))
    .map((code) => `src/errors.ts: nothing throws ${code}`)
}

export const errorFaults = (root: string): readonly string[] => [
  ...documentFaults(readFileSync(join(root, 'docs', 'errors.md'), 'utf8')),
  ...unusedCodes(root),
]
