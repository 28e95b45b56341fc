/** Names, figures and verdicts of variants, as the service answers them. */
type PlottedVariant = { readonly name: string } & (
  | { readonly state: 'refused' }
  | {
      readonly state: 'measured'
      readonly figures: { readonly sizeBytes: number; readonly batch: { readonly p50Ms: number } }
      readonly beyond?: string
    }
)

type Point = { readonly name: string; readonly sizeKb: number; readonly timeMs: number; readonly allowed: boolean }

const width = 640
const height = 400
const margin = { left: 70, right: 110, top: 40, bottom: 55 }
const bytesPerKb = 1024

const escaped = (text: string): string => text.replace(/[<>&"]/g, (character) => `&#${character.codePointAt(0)};`)

const number = (value: number): string => String(Number(value.toPrecision(3)))

/** Points that no allowed one beats in both size and time, by size. */
export const paretoFront = (points: readonly Point[]): readonly Point[] => {
  const allowed = points.filter((point) => point.allowed)
  return allowed
    .filter(
      ({ sizeKb, timeMs }) =>
        !allowed.some(
          (other) =>
            other.sizeKb <= sizeKb && other.timeMs <= timeMs && (other.sizeKb < sizeKb || other.timeMs < timeMs),
        ),
    )
    .toSorted((a, b) => a.sizeKb - b.sizeKb)
}

const style = `
text{font:13px system-ui,sans-serif;fill:#222}
.axis{stroke:#777;fill:none}
.front{stroke:#0b6bcb;fill:none;stroke-width:2}
.allowed{fill:#0b6bcb}
.beyond{fill:none;stroke:#b3261e;stroke-width:2}
.paper{fill:#fff}
@media(prefers-color-scheme:dark){text{fill:#eee}.axis{stroke:#999}.front{stroke:#7cb7ff}.allowed{fill:#7cb7ff}.beyond{stroke:#ff8a80}.paper{fill:#161616}}`

/**
 * Size against the time of a batch, from zero, as an SVG for light and dark pages: dots for variants that the policy
 * allows, rings for those beyond it, a line through those that none beats in both. The text says the same.
 */
export const variantsPlot = (title: string, variants: readonly PlottedVariant[]): string => {
  const points = variants.flatMap((variant): readonly Point[] => {
    if (variant.state === 'refused') return []
    const { name, figures, beyond } = variant
    const sizeKb = figures.sizeBytes / bytesPerKb
    return [{ name, sizeKb, timeMs: figures.batch.p50Ms, allowed: beyond === undefined }]
  })
  const mostKb = Math.max(...points.map(({ sizeKb }) => sizeKb), Number.MIN_VALUE)
  const mostMs = Math.max(...points.map(({ timeMs }) => timeMs), Number.MIN_VALUE)
  const [right, bottom] = [width - margin.right, height - margin.bottom]
  const x = ({ sizeKb }: Point): string => number(margin.left + (sizeKb / mostKb) * (right - margin.left))
  const y = ({ timeMs }: Point): string => number(bottom - (timeMs / mostMs) * (bottom - margin.top))
  const told = points.map(
    ({ name, sizeKb, timeMs, allowed }) =>
      `${name}: ${number(sizeKb)} KB, ${number(timeMs)} ms a batch${allowed ? '' : ', beyond the policy'}`,
  )
  const marks = points.map(
    (point) =>
      `<circle class="${point.allowed ? 'allowed' : 'beyond'}" cx="${x(point)}" cy="${y(point)}" r="6"><title>${escaped(point.name)}</title></circle>` +
      `<text x="${Number(x(point)) + 10}" y="${Number(y(point)) - 6}">${escaped(point.name)}</text>`,
  )
  const front = paretoFront(points).map((point) => `${x(point)},${y(point)}`)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="t d">`,
    `<title id="t">Variants of ${escaped(title)}: size and time</title>`,
    `<desc id="d">${escaped(told.join('; '))}</desc>`,
    `<style>${style}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<text x="${margin.left}" y="24">Variants of ${escaped(title)}</text>`,
    `<path class="axis" d="M${margin.left} ${margin.top}V${bottom}H${right}"/>`,
    `<text x="${margin.left}" y="${bottom + 18}">0</text>`,
    `<text x="${right}" y="${bottom + 18}" text-anchor="middle">${number(mostKb)}</text>`,
    `<text x="${margin.left + (right - margin.left) / 2}" y="${height - 14}" text-anchor="middle">size, KB</text>`,
    `<text x="${margin.left - 6}" y="${margin.top + 4}" text-anchor="end">${number(mostMs)}</text>`,
    `<text transform="translate(18 ${bottom - (bottom - margin.top) / 2}) rotate(-90)" text-anchor="middle">time of a batch, ms</text>`,
    `<polyline class="front" points="${front.join(' ')}"/>`,
    ...marks,
    '</svg>',
    '',
  ].join('\n')
}
