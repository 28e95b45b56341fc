import { at, escaped, type PlotText, plotWidth, scaleOf, shownNumber, svg, ticksOf } from './plot.ts'

/** One bar, with the ends of its interval. */
export type Bar = { readonly name: string; readonly value: number; readonly low: number; readonly high: number }

const left = 190
const right = plotWidth - 40
const top = 44
const rowHeight = 24
const barHeight = 14
const mostCharacters = 26

const cut = (name: string): string => {
  const characters = Array.from(name)
  return characters.length > mostCharacters ? `${characters.slice(0, mostCharacters - 1).join('')}…` : name
}

/** Bars to the right, from zero, with whiskers. */
export const barPlot = (text: Omit<PlotText, 'told'>, bars: readonly Bar[]): string => {
  const bottom = top + Math.max(1, bars.length) * rowHeight
  const low = Math.min(0, ...bars.map((bar) => bar.low))
  const high = Math.max(0, ...bars.map((bar) => bar.high))
  const x = scaleOf(low, high, left, right)
  const told = bars.map((bar) => {
    const ends = `${shownNumber(bar.low)} to ${shownNumber(bar.high)}`
    return `${bar.name}: ${shownNumber(bar.value)} (${ends})`
  })
  const ticks = ticksOf(low, high).flatMap((tick) => [
    `<path class="grid" d="M${at(x(tick))} ${top}V${bottom}"/>`,
    `<text class="small" x="${at(x(tick))}" y="${bottom + 16}" text-anchor="middle">${shownNumber(tick)}</text>`,
  ])
  const rows = bars.flatMap((bar, row) => {
    const middle = top + (row + 0.5) * rowHeight
    const [from, to] = [Math.min(x(0), x(bar.value)), Math.max(x(0), x(bar.value))]
    return [
      `<text x="${left - 8}" y="${at(middle + 4)}" text-anchor="end">${escaped(cut(bar.name))}<title>${escaped(bar.name)}</title></text>`,
      `<rect class="${bar.value < 0 ? 'other' : 'bar'}" x="${at(from)}" y="${at(middle - barHeight / 2)}" width="${at(to - from)}" height="${barHeight}"><title>${escaped(told[row]!)}</title></rect>`,
      `<path class="whisker" d="M${at(x(bar.low))} ${at(middle)}H${at(x(bar.high))}"/>`,
    ]
  })
  return svg({ ...text, told }, bottom + 48, [
    ...ticks,
    `<path class="axis" d="M${at(x(0))} ${top}V${bottom}"/>`,
    ...rows,
    `<text x="${at((left + right) / 2)}" y="${bottom + 38}" text-anchor="middle">${escaped(text.x)}</text>`,
  ])
}
