import type { InvoiceBody, InvoiceLineBody } from './invoice-body.ts'
import { formatNano, parseSum } from './money.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')

const nanoPlaces = 9

/** Places of a currency's smallest coin, of ISO 4217: 2 for EUR, 0 for JPY. */
const placesOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

/** To the currency's smallest coin, a half away from 0: the one place where an amount is rounded. `"-0.125"`, EUR -> `"-0.13"`. */
export const rounded = (amount: string, currency: string): string => {
  const places = placesOf(currency)
  const step = 10n ** BigInt(nanoPlaces - places)
  const nano = parseSum('amount', amount)
  const size = nano < 0n ? -nano : nano
  const text = formatNano(((size + step / 2n) / step) * step)
  const [whole = '0', decimals = ''] = text.split('.')
  const padded = places === 0 ? whole : `${whole}.${decimals.padEnd(places, '0')}`
  return nano < 0n && /[1-9]/.test(padded) ? `-${padded}` : padded
}

const wordsOf = (line: InvoiceLineBody): string => {
  const { kind, model = '', from = 0, memo = '' } = line
  if (kind === 'usage') return line.price === undefined ? `${model}, without a price` : model
  if (kind === 'minimum') return `${model}, minimum of calls`
  if (kind === 'free') return `${model}, free units of the month`
  if (kind === 'tier') return `${model}, units behind the first ${from}`
  return memo
}

const unitWords = { call: 'calls', row: 'rows', token: 'tokens', explained_row: 'explained rows' } as const

const lineRow = (line: InvoiceLineBody): string => {
  const units = line.unit ? `${line.units} ${unitWords[line.unit]}` : ''
  const back = line.kind === 'free' || line.kind === 'tier' ? '-' : ''
  const unitPrice = line.unitPrice === undefined ? '' : `${back}${line.unitPrice}`
  const cells = [units, unitPrice, line.amount].map((text) => `<td class="n">${escaped(text)}</td>`).join('')
  return `<tr><td>${escaped(wordsOf(line))}</td>${cells}</tr>`
}

const sumRow = (words: string, amount: string): string =>
  `<tr class="sum"><td colspan="3">${escaped(words)}</td><td class="n">${escaped(amount)}</td></tr>`

const paidWords = { free: 'Paid by the free allowance of the month', prepaid: 'Paid from the prepaid balance' } as const

const style = `
body { font: 14px/1.5 system-ui, sans-serif; color: #111; background: #fff; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 } dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem }
dt { color: #555 } dd { margin: 0 } table { border-collapse: collapse; width: 100%; margin: 1.5rem 0 }
th, td { text-align: left; padding: .35rem .5rem; border-bottom: 1px solid #ddd; vertical-align: top; overflow-wrap: anywhere }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap } .sum td { border-bottom: 0 }
.due td { border-top: 2px solid #111; font-weight: 600; font-size: 1.1rem } .draft { color: #a00 }
@page { margin: 2cm } @media print { body { margin: 0; max-width: none; padding: 0 } thead { display: table-header-group } tr { break-inside: avoid } }
`

/** What a page with this text may do: nothing but its own style. */
export const invoicePagePolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

const titleOf = ({ number, state, month }: InvoiceBody): string =>
  state === 'final' ? `Invoice ${number}` : `Draft invoice of ${month}`

/** An invoice as one printable page: no scripts, nothing loaded, every text escaped. Amounts are exact; what is due is rounded. */
export const invoicePage = (invoice: InvoiceBody, seller: string): string => {
  const { currency, due, total, paid, consumer, month, from, to, madeAt, state } = invoice
  const title = escaped(titleOf(invoice))
  const facts: readonly (readonly [string, string])[] = [
    ['From', seller],
    ['To', consumer],
    ['Month', `${month} (${from} to ${to})`],
    [state === 'final' ? 'Made' : 'As of', madeAt],
    ['Currency', currency],
  ]
  const list = facts.map(([name, text]) => `<dt>${name}</dt><dd>${escaped(text)}</dd>`).join('')
  const sums = [sumRow('Total', total), ...paid.map(({ by, amount }) => sumRow(paidWords[by], `-${amount}`))]
  const words = due.startsWith('-') ? 'In your favour' : 'To pay'
  const shown = rounded(due.replace(/^-/, ''), currency)
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style></head>
<body>
<h1>${title}</h1>
${state === 'draft' ? '<p class="draft">A draft: it is computed anew each time, and has no number.</p>\n' : ''}<dl>${list}</dl>
<table>
<thead><tr><th>What</th><th class="n">Units</th><th class="n">Unit price</th><th class="n">Amount</th></tr></thead>
<tbody>
${invoice.lines.map(lineRow).join('\n')}
</tbody>
<tfoot>
${sums.join('\n')}
<tr class="due"><td colspan="3">${words}</td><td class="n">${shown} ${escaped(currency)}</td></tr>
</tfoot>
</table>
<p>Amounts are exact; ${escaped(due.replace(/^-/, ''))} ${escaped(currency)} is rounded to the smallest coin where it is paid.</p>
</body>
</html>
`
}
