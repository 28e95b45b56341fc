import fc from 'fast-check'
import { expect, test } from 'vitest'
import { barPlot } from '../../../src/plot/bar-plot.ts'
import { linePlot } from '../../../src/plot/line-plot.ts'
import { escaped, ticksOf } from '../../../src/plot/plot.ts'

test.for<[number, number, readonly number[]]>([
  [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [-3, 7, [-2, 0, 2, 4, 6]],
  [0.13, 0.29, [0.15, 0.2, 0.25]],
  [1e6, 3e6, [1e6, 1.5e6, 2e6, 2.5e6, 3e6]],
  [5, 5, [5]],
])('an axis from %s to %s -> round numbers on it', ([low, high, ticks]) => {
  expect(ticksOf(low, high)).toEqual(ticks)
})

test('any axis -> ticks inside it, rising, not many', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1000, max: 1000, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
      (share, span) => {
        const low = share * span
        const ticks = ticksOf(low, low + span)
        expect(ticks.length).toBeLessThanOrEqual(11)
        for (const [i, tick] of ticks.entries()) {
          expect(tick).toBeGreaterThanOrEqual(low - 1e-6 * span)
          expect(tick).toBeLessThanOrEqual(low + span + 1e-6 * span)
          if (i > 0) expect(tick).toBeGreaterThan(ticks[i - 1]!)
        }
      },
    ),
  )
})

/** Tags of an SVG that open and end in turn; a text alternative; both themes; no value that is none. */
const expectWhole = (svg: string): void => {
  const open: string[] = []
  for (const [, end, name, self] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
    if (end) expect(open.pop()).toBe(name)
    else if (!self) open.push(name!)
  }
  expect(open).toEqual([])
  expect(svg).toContain('role="img" aria-labelledby="t d"')
  expect(svg).toContain('prefers-color-scheme:dark')
  expect(svg).not.toMatch(/NaN|Infinity|undefined/)
}

test('bars of both signs with odd names -> whole, and told in words', () => {
  const svg = barPlot({ title: 'a < b & "c"', x: 'loss' }, [
    { name: 'Weight <kg>', value: 2.5, low: 2, high: 3 },
    { name: 'x'.repeat(60), value: -0.25, low: -0.5, high: 0 },
  ])
  expectWhole(svg)
  expect(svg).toContain('Weight &#60;kg&#62;: 2.5 (2 to 3)')
  expect(svg).toContain(`${'x'.repeat(60)}: -0.25 (-0.5 to 0)`)
  expectWhole(barPlot({ title: 'none', x: 'loss' }, []))
})

test('lines over numbers and over names -> whole, each point told', () => {
  const numbers = { points: [0, 0.5, 2], lines: [{ values: [1, 3, 2] }], thin: [[0, 1, 2]] }
  const svg = linePlot({ title: 'y by x', x: 'x', y: 'y' }, numbers)
  expectWhole(svg)
  expect(svg).toContain('0: 1, 0.5: 3, 2: 2')
  const lines = [
    { name: 'yes', values: [0.2, 0.9] },
    { name: 'no', values: [0.8, 0.1] },
  ]
  const named = linePlot({ title: 'y by colour', x: 'colour', y: 'p' }, { points: ['<red>', 'blue'], lines })
  expectWhole(named)
  expect(named).toContain('yes, &#60;red&#62;: 0.2, blue: 0.9; no, &#60;red&#62;: 0.8, blue: 0.1')
  const flat = { points: [1], lines: [{ values: [2] }], within: { low: 0, high: 1 }, even: true } as const
  expectWhole(linePlot({ title: 'flat', x: 'x' }, flat))
})

test.for([
  ['a\u0000b\u001b[31m', 'a\ufffdb\ufffd[31m'],
  ['\ufffe\uffff\ud800', '\ufffd\ufffd\ufffd'],
  ['<a>\t\n\u{1f600}', '&#60;a&#62;\t\n\u{1f600}'],
] as const)('given text %j, what XML can hold', ([text, xml]) => {
  expect(escaped(text)).toBe(xml)
})
