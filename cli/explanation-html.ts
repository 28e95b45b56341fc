import type { CellBody, ExplanationBody, ExplanationsBody } from '../client/explanation-body.ts'
import { answeredLines, counterfactualLines, errorText, shownNumber } from './waterfall.ts'

const escaped = (text: string): string => text.replace(/[<>&"']/g, (character) => `&#${character.codePointAt(0)};`)

const style = `
:root{color-scheme:light dark;--up:#b3261e;--down:#0b6bcb;--faint:#767676}
@media(prefers-color-scheme:dark){:root{--up:#ff8a80;--down:#7cb7ff;--faint:#9a9a9a}}
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
section{margin:2rem 0;border-top:1px solid var(--faint)}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.15rem .6rem .15rem 0;font-weight:400;vertical-align:top}
td.amount{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.drawn{width:45%;position:relative}
i{position:absolute;top:.35rem;bottom:.35rem;min-width:2px;background:var(--up)}
i.down{background:var(--down)}
.faint{color:var(--faint)}`

const cellText = (value: CellBody): string =>
  value === null ? 'missing' : typeof value === 'number' ? shownNumber(value) : String(value)

const signed = (value: number): string => (value < 0 ? `-${shownNumber(-value)}` : `+${shownNumber(value)}`)

const percent = (share: number): string => `${Number((100 * share).toFixed(2))}%`

const line = (name: string, amount: string, from: number, to: number): string => {
  const left = Math.min(from, to)
  const drawn = `<i${to < from ? ' class="down"' : ''} style="left:${percent(left)};width:${percent(Math.abs(to - from))}"></i>`
  return `<tr><th scope="row">${escaped(name)}</th><td class="amount">${escaped(amount)}</td><td class="drawn" aria-hidden="true">${drawn}</td></tr>`
}

const section = (explanation: ExplanationBody, row: number): string => {
  const { baseValue, prediction, contributions, sentence } = explanation
  const strongest = contributions.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
  const reached = [baseValue]
  for (const { contribution } of strongest) reached.push(reached.at(-1)! + contribution)
  const [low, high] = [Math.min(...reached), Math.max(...reached)]
  const share = (value: number): number => (high > low ? (value - low) / (high - low) : 0)
  const lines = strongest.map(({ name, value, contribution, standardError, parts = [] }, place) => {
    const words = parts.slice(0, 3).map(({ feature, contribution: adds }) => `${feature} ${signed(adds)}`)
    const title = `${name} = ${cellText(value)}${words.length > 0 ? ` (${words.join(', ')})` : ''}`
    const amount = `${signed(contribution)}${errorText(standardError)}`
    return line(title, amount, share(reached[place]!), share(reached[place + 1]!))
  })
  const notes = [...answeredLines(explanation), ...counterfactualLines(explanation)]
  return [
    `<section><h2>Row ${row + 1}</h2><p>${escaped(sentence)}</p><table>`,
    line('usual answer', shownNumber(baseValue), share(baseValue), share(baseValue)),
    ...lines,
    line('this answer', shownNumber(prediction), share(prediction), share(prediction)),
    '</table>',
    ...notes.map((note) => `<p>${escaped(note)}</p>`),
    '</section>',
  ].join('\n')
}

/** Explained rows as one page that needs nothing else. */
export const explanationHtml = (
  version: string,
  { method, output, background, language, explanations }: ExplanationsBody,
): string => {
  const of = `${method}, in ${output}, against ${background.rows} background rows (${background.kind})`
  return [
    `<!doctype html>\n<html lang="${language}">\n<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
    `<title>${escaped(version)} explained</title><style>${style}</style></head>\n<body>`,
    `<h1>${escaped(version)} explained</h1>`,
    `<p class="faint">${escaped(of)}</p>`,
    ...explanations.map(section),
    '</body>\n</html>\n',
  ].join('\n')
}
