/** A plot's words; `told` says in text what is drawn. */
export type PlotText = {
  readonly title: string
  readonly told: readonly string[]
  readonly x: string
  readonly y?: string
}

export const plotWidth = 640

/** What XML cannot hold, and controls that it should not; tab and line ends it can. */
const noCharacter = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu

/** Text of a model's owner may hold anything. */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(noCharacter, '\ufffd')
    .replace(/[<>&"]/g, (character) => `&#${character.codePointAt(0)};`)

export const shownNumber = (value: number): string => String(Number(value.toPrecision(3)))

/** A place in the drawing, in a hundredth of a unit. */
export const at = (value: number): string => String(Math.round(value * 100) / 100)

const steps = [1, 2, 5, 10]

/** Round numbers from `low` to `high`, about `count` of them. */
export const ticksOf = (low: number, high: number, count = 5): readonly number[] => {
  if (!(high > low)) return [low]
  const rough = (high - low) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * steps.find((one) => power * one >= rough * (1 - 1e-9))!
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  // From whole numbers: sums of steps would drift.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** From [low, high] to [from, to]. */
export const scaleOf =
  (low: number, high: number, from: number, to: number) =>
  (value: number): number =>
    high > low ? from + ((value - low) / (high - low)) * (to - from) : (from + to) / 2

// Contrast with the paper is at least 4.5 for text and 3 for lines (WCAG 2.2, 1.4.3 and 1.4.11), in light and dark.
const style = `
text{font:13px system-ui,sans-serif;fill:#222}
.title{font-size:15px}
.small{font-size:11px}
.axis{stroke:#777;fill:none}
.grid{stroke:#777;stroke-opacity:.25;fill:none}
.bar,.dot{fill:#0b6bcb}
.other{fill:#9a5b00}
.whisker{stroke:#222;fill:none}
.line{stroke:#0b6bcb;fill:none;stroke-width:2.5}
.line2{stroke:#9a5b00}.line3{stroke:#1a7f37}.line4{stroke:#8250df}.line5{stroke:#b3261e}
.thin{stroke:#777;stroke-opacity:.35;fill:none}
.even{stroke:#777;stroke-dasharray:4 4;fill:none}
.paper{fill:#fff}
@media(prefers-color-scheme:dark){text{fill:#eee}.axis,.grid,.thin,.even{stroke:#aaa}.bar,.dot{fill:#7cb7ff}.other{fill:#ffb454}.whisker{stroke:#eee}.line{stroke:#7cb7ff}.line2{stroke:#ffb454}.line3{stroke:#5fd37f}.line4{stroke:#c8a6ff}.line5{stroke:#ff8a80}.paper{fill:#161616}}`

/** An SVG that shows itself on light and dark pages, and says in words what it shows. */
export const svg = ({ title, told }: PlotText, height: number, body: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${plotWidth} ${height}" role="img" aria-labelledby="t d">`,
    `<title id="t">${escaped(title)}</title>`,
    `<desc id="d">${escaped(told.join('; '))}</desc>`,
    `<style>${style}</style>`,
    `<rect class="paper" width="${plotWidth}" height="${height}"/>`,
    `<text class="title" x="16" y="24">${escaped(title)}</text>`,
    ...body,
    '</svg>',
    '',
  ].join('\n')
