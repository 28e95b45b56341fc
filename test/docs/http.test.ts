import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { documentedRoutes } from '../../functions/openapi/sections.ts'
import { withTables } from '../../scripts/openapi/tables.ts'

const markdown = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'http.md'), 'utf8')

test('docs/http.md -> each route stands there once, with its access', () => {
  const shown = [...markdown.matchAll(/^\| ([A-Z]+) +\| `([^`]+)` +\| (public|key|owner) +\|/gm)]
  const lines = shown.map(([, method, path, access]) => `${method} ${path} ${access}`)
  expect(lines.sort()).toEqual(documentedRoutes.map((route) => `${route.method} ${route.path} ${route.access}`).sort())
})

test('the tables written anew -> what stands there, and nothing of the prose changed', () => {
  expect(withTables(markdown)).toBe(markdown)
  const emptied = markdown.replace(/(npm run docs` -->\n)[\s\S]*?(\n<!-- end -->)/g, '$1$2')
  expect(emptied).not.toContain('| GET ')
  expect(withTables(emptied)).toBe(markdown)
})

test('a section without markers -> refused by name', () => {
  const without = markdown.replace('<!-- routes of runs,', '<!-- routes of nothing,')
  expect(() =>
    withTables(
      without,
      documentedRoutes.filter(({ section }) => section === 'runs'),
    ),
  ).toThrow('expected routes of section')
  expect(() => withTables('', documentedRoutes)).toThrow('expected markers for section inference')
})
