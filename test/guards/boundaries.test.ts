import { posix } from 'node:path'
import { expect, test } from 'vitest'
import { importsOf } from '../../scripts/imports.ts'
import { faultOf, roomFaults } from '../../scripts/rooms.ts'
import { lint, root } from './planted.ts'

const top = new Set(
  'src adapters functions infra layers local client cli console test bench examples scripts'.split(' '),
)

const refusalOf = (path: string, text: string): readonly string[] =>
  importsOf(path, text).flatMap((found) => faultOf(found, top) ?? [])

/** One row of the table in docs/architecture.md, or more: a file, and an import that it may not have. */
const planted: readonly (readonly [path: string, specifier: string])[] = [
  ['src/call.ts', '../adapters/ledger.ts'],
  ['src/run/run.ts', 'node:fs'],
  ['src/onnx/graph.ts', '@aws-sdk/client-s3'],
  ['adapters/ledger.ts', '../functions/route.ts'],
  ['adapters/ledger.ts', '@middy/core'],
  ['functions/control/models.ts', '@aws-sdk/client-dynamodb'],
  ['functions/control/models.ts', '../../local/listen.ts'],
  ['functions/control/models.ts', '../predict.ts'],
  ['functions/train/plan.ts', './inspect.ts'],
  ['infra/service.ts', '../functions/predict.ts'],
  ['infra/constructs/handler.ts', '../../adapters/ledger/ledger.ts'],
  ['layers/build.ts', '../src/model.ts'],
  ['layers/build.ts', 'esbuild'],
  ['local/main.ts', '../functions/router.ts'],
  ['local/states/states.ts', '../../functions/router.ts'],
  ['local/states/states.ts', '../../src/errors.ts'],
  ['local/main.ts', '../adapters/ledger.ts'],
  ['local/main.ts', '../infra/app.ts'],
  ['client/client.ts', '../adapters/ledger.ts'],
  ['client/client.ts', 'node:http'],
  ['cli/main.ts', '../functions/router.ts'],
  ['cli/commands/push.ts', '../../infra/app.ts'],
  ['console/page.ts', '../adapters/ledger.ts'],
  ['console/page.ts', '../cli/main.ts'],
  ...['test/x.ts', 'bench/x.ts', 'examples/x.ts', 'scripts/x.ts'].flatMap((nobody) =>
    ['src', 'adapters', 'functions', 'infra', 'layers', 'local', 'client', 'cli', 'console'].map(
      (room) => [`${room}/x.ts`, `../${nobody}`] as const,
    ),
  ),
]

test.for(planted)('%s imports %s -> the listing of rooms refuses it', ([path, specifier]) => {
  const text = `import { x } from '${specifier}'\nexport const y = x\n`
  expect(refusalOf(path, text)).toEqual([expect.stringContaining(`${path}:1: `)])
})

// Each in a file of its own, in the same folder: biome's rules look at folders.
const files = planted.map(([path, specifier], index) => ({
  path: `${posix.dirname(path)}/planted${index}.ts`,
  specifier,
}))

test('each of these imports -> biome refuses it too', () => {
  const said = lint(
    Object.fromEntries(
      files.map(({ path, specifier }) => [path, `import { x } from '${specifier}'\nexport const y = x\n`]),
    ),
  )
  const passed = files.filter(({ path }) => !said.get(path)?.includes('lint/style/noRestrictedImports'))
  expect(passed).toEqual([])
})

const allowed: readonly (readonly [path: string, text: string])[] = [
  ['client/client.ts', "import type { Version } from '../src/version.ts'"],
  ['client/client.ts', "import { decode } from '../src/tensor/json-response.ts'"],
  ['console/page.ts', "import { type A, type B } from '../src/version.ts'"],
  ['infra/service.ts', "import type { Version } from '../src/version.ts'"],
  ['local/states/states.ts', "import { pool } from '../functions/pool.ts'"],
  ['functions/control/models.ts', "import { json } from '../route.ts'"],
  ['test/src/call.test.ts', "import { call } from '../../src/call/call.ts'"],
]

test.for(allowed)('%s with %s -> allowed', ([path, text]) => {
  expect(refusalOf(path, text)).toEqual([])
})

const valuesOfTypeRooms: readonly (readonly [path: string, text: string])[] = [
  ['client/client.ts', "import { latest } from '../src/version.ts'"],
  ['infra/service.ts', "import { latest, type Version } from '../src/version.ts'"],
  ['console/page.ts', "export * from '../src/version.ts'"],
]

test.for(valuesOfTypeRooms)('%s with %s -> refused, only types may pass', ([path, text]) => {
  expect(refusalOf(path, text)).toHaveLength(1)
})

test('imports over several lines, re-exports, bare and dynamic ones -> each is seen', () => {
  const text = [
    "import {\n  a,\n  b,\n} from './a.ts'",
    "export { c } from './c.ts'",
    "import './d.ts'",
    "const e = await import('./e.ts')",
    "import type { F } from './f.ts'",
    "const text = 'from nowhere'",
  ].join('\n')
  expect(importsOf('src/run/x.ts', text).map(({ to, kind, line }) => [to, kind, line])).toEqual([
    ['src/run/a.ts', 'value', 1],
    ['src/run/c.ts', 'value', 5],
    ['src/run/d.ts', 'value', 6],
    ['src/run/e.ts', 'value', 7],
    ['src/run/f.ts', 'type', 8],
  ])
})

test('this repository -> no forbidden arrow', () => {
  expect(roomFaults(root)).toEqual([])
})
