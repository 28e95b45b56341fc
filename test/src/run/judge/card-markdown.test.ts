import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ModelCard } from '../../../../src/run/judge/card.ts'
import { cardMarkdown } from '../../../../src/run/judge/card-markdown.ts'

/** card.json of a run on a table of test/fixtures/data. */
const cardOf = (name: string): ModelCard =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/cards/${name}.json`, import.meta.url), 'utf8'))

test.for(['cars', 'penguins'])('the card of %s -> the Markdown beside it, tables whole', async (name) => {
  const markdown = cardMarkdown(cardOf(name))
  await expect(markdown).toMatchFileSnapshot(`../../../fixtures/cards/${name}.md`)
  const cells = (line: string) => line.replaceAll('\\|', '').split('|').length
  for (const table of markdown.match(/(?:^\|.*\n)+/gm) ?? []) {
    const lines = table.trim().split('\n')
    expect(new Set(lines.map(cells)).size, lines[0]).toBe(1)
  }
})

test('names with Markdown in them -> no table, no link and no heading of theirs', () => {
  const card = cardOf('cars')
  const columns = [{ ...card.columns[0]!, name: '[x](http://evil)|<b>\n# y' }]
  const { profile: _, ...data } = card.data
  const markdown = cardMarkdown({ ...card, data, columns })
  expect(markdown).toContain('\\[x\\](http://evil)\\|\\<b\\> \\# y')
})
