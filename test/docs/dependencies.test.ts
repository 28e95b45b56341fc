import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const decision = readFileSync(join(root, 'docs', 'decisions', '0001-dependencies.md'), 'utf8')
// npm's own file: both members are there.
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}
const installed = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })

test('each dependency -> has a line that says why', () => {
  // `lib-dynamodb` beside `@aws-sdk/client-dynamodb` is of the same scope.
  const named = ([name]: [string, string]) =>
    decision.includes(`\`${name}\``) || (name.startsWith('@aws-sdk/') && decision.includes(`\`${name.slice(9)}\``))
  expect(installed.filter((entry) => !named(entry))).toEqual([])
})

test('each dependency -> has an exact version', () => {
  expect(installed.filter(([, version]) => !/^\d+\.\d+\.\d+[\w.-]*$/.test(version))).toEqual([])
})
