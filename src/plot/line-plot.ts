import { at, escaped, type PlotText, plotWidth, scaleOf, shownNumber, svg, ticksOf } from './plot.ts'

export type Line = { readonly name?: string; readonly values: readonly number[] }

export type LinePlot = {
  /** Numbers, or names that stand side by side. */
  readonly points: readonly number[] | readonly string[]
  /** At most five; what lies behind them is thin. */
  readonly lines: readonly Line[]
  readonly thin?: readonly (readonly number[])[]
  /** How a number of the axis reads; a date is no number. */
  readonly pointText?: (point: number) => string
  /** Ends of the axes; by default those of the values. */
  readonly within?: { readonly low: number; readonly high: number }
  /** Draws the line on which both axes are the same. */
  readonly even?: true
}

const height = 400
const sides = { left: 74, right: 24, bottom: 60 }
const tops = { plain: 44, withNames: 64 } as const
const nameWidth = 108
const mostLines = 5
const mostNameCharacters = 12

const cut = (name: string): string => {
  const characters = Array.from(name)
  return characters.length > mostNameCharacters ? `${characters.slice(0, mostNameCharacters - 1).join('')}…` : name
}

type Scales = { readonly x: (place: number) => number; readonly y: (value: number) => number }

const path = (values: readonly number[], { x, y }: Scales): string =>
  values.map((value, place) => `${place === 0 ? 'M' : 'L'}${at(x(place))} ${at(y(value))}`).join('')

const toldOf = ({ points, lines, pointText = shownNumber }: LinePlot): readonly string[] =>
  lines.slice(0, mostLines).map(({ name, values }) => {
    const pairs = values.map((value, place) => {
      const point = points[place]!
      return `${typeof point === 'number' ? pointText(point) : point}: ${shownNumber(value)}`
    })
    return `${name === undefined ? '' : `${name}, `}${pairs.join(', ')}`
  })

/** Lines over numbers or names, with a dot at each point. */
export const linePlot = (text: Omit<PlotText, 'told'>, plot: LinePlot): string => {
  const { points, thin = [], pointText = shownNumber, within, even } = plot
  const lines = plot.lines.slice(0, mostLines)
  const margin = { ...sides, top: lines.length > 1 ? tops.withNames : tops.plain }
  const values = [...lines.map((line) => line.values), ...thin].flat().filter(Number.isFinite)
  const [low, high] = within ? [within.low, within.high] : [Math.min(...values), Math.max(...values)]
  const [bottom, right] = [height - margin.bottom, plotWidth - margin.right]
  const numbers = points.every((point): point is number => typeof point === 'number') ? points : undefined
  const ends = within ?? { low: numbers?.[0] ?? 0, high: numbers?.at(-1) ?? 1 }
  const along = scaleOf(ends.low, ends.high, margin.left, right)
  const aside = scaleOf(-0.5, points.length - 0.5, margin.left, right)
  const x = (place: number): number => (numbers ? along(numbers[place]!) : aside(place))
  const y = scaleOf(low, high, bottom, margin.top)
  const marks = numbers
    ? ticksOf(ends.low, ends.high).map((tick) => ({ at: along(tick), text: pointText(tick) }))
    : points.map((point, place) => ({ at: aside(place), text: cut(String(point)) }))
  const classOf = (line: number): string => (line === 0 ? 'line' : `line line${line + 1}`)
  return svg({ ...text, told: toldOf(plot) }, height, [
    ...ticksOf(low, high).flatMap((tick) => [
      `<path class="grid" d="M${margin.left} ${at(y(tick))}H${right}"/>`,
      `<text class="small" x="${margin.left - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${shownNumber(tick)}</text>`,
    ]),
    ...marks.map(
      (mark) =>
        `<text class="small" x="${at(mark.at)}" y="${bottom + 18}" text-anchor="middle">${escaped(mark.text)}</text>`,
    ),
    `<path class="axis" d="M${margin.left} ${margin.top}V${bottom}H${right}"/>`,
    ...(even ? [`<path class="even" d="M${at(along(low))} ${at(y(low))}L${at(along(high))} ${at(y(high))}"/>`] : []),
    ...thin.map((row) => `<path class="thin" d="${path(row, { x, y })}"/>`),
    ...lines.flatMap((line, number) => [
      `<path class="${classOf(number)}" d="${path(line.values, { x, y })}"/>`,
      ...line.values.map((value, place) => `<circle class="dot" cx="${at(x(place))}" cy="${at(y(value))}" r="2.5"/>`),
    ]),
    ...lines.flatMap(({ name }, number) =>
      name === undefined || lines.length < 2
        ? []
        : [
            `<path class="${classOf(number)}" d="M${margin.left + number * nameWidth} 44h16"/>`,
            `<text class="small" x="${margin.left + 20 + number * nameWidth}" y="48">${escaped(cut(name))}</text>`,
          ],
    ),
    `<text x="${at((margin.left + right) / 2)}" y="${height - 16}" text-anchor="middle">${escaped(text.x)}</text>`,
    `<text transform="translate(18 ${at((margin.top + bottom) / 2)}) rotate(-90)" text-anchor="middle">${escaped(text.y ?? '')}</text>`,
  ])
}
