/** `npm run docs`: writes what is made from the routes' schemas, the OpenAPI document and the tables of docs/http.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApiDocument } from './openapi/document.ts'
import { withTables } from './openapi/tables.ts'

const root = join(import.meta.dirname, '..')

type Generated = { readonly path: string; readonly write: (before: string) => string }

// A module, because esbuild and type stripping both take it as it is.
const moduleText = (): string =>
  `// Made from functions/openapi/ by scripts/docs.ts.\nexport const openApi: unknown = ${JSON.stringify(openApiDocument(), null, 1)}\n`

const generated: readonly Generated[] = [
  { path: join('functions', 'control', 'generated', 'openapi.ts'), write: moduleText },
  { path: join('docs', 'http.md'), write: withTables },
]

/** Files that are not what the schemas give today, one line each. */
export const generatedFaults = (folder: string = root): readonly string[] =>
  generated.flatMap(({ path, write }) => {
    const now = readFileSync(join(folder, path), 'utf8')
    return write(now) === now ? [] : [`${path}: expected what the schemas give today; run npm run docs`]
  })

if (import.meta.main)
  for (const { path, write } of generated)
    writeFileSync(join(root, path), write(readFileSync(join(root, path), 'utf8')))
