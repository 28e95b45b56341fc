import { expect, test } from 'vitest'
import { paretoFront, variantsPlot } from '../../../src/optimise/variants-plot.ts'

const point = (name: string, sizeKb: number, timeMs: number, allowed = true) => ({ name, sizeKb, timeMs, allowed })

test('points -> those that no allowed one beats in both, by size', () => {
  const points = [point('a', 4, 4), point('b', 2, 6), point('c', 3, 7), point('d', 1, 1, false), point('e', 5, 4)]
  expect(paretoFront(points).map(({ name }) => name)).toEqual(['b', 'a'])
})

test('variants -> an SVG that says the same in words, with names escaped', () => {
  const figures = (sizeBytes: number, p50Ms: number) => ({ sizeBytes, batch: { p50Ms } })
  const svg = variantsPlot('a<b/1', [
    { name: 'float', state: 'measured', figures: figures(2048, 4) },
    { name: 'int8', state: 'measured', figures: figures(512, 2), beyond: 'too far' },
    { name: 'half', state: 'refused' },
  ])
  expect(svg).toContain('<desc id="d">float: 2 KB, 4 ms a batch; int8: 0.5 KB, 2 ms a batch, beyond the policy</desc>')
  expect(svg).toContain('Variants of a&#60;b/1')
  expect(svg).toContain('prefers-color-scheme:dark')
  expect(svg.match(/<circle/g)).toHaveLength(2)
})
