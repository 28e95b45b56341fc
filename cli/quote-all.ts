import type { PriceBody, QuoteBody } from '../client/bodies.ts'
import type { Instance } from '../client/rows.ts'
import { costOfAll, inCalls, pinned } from './in-calls.ts'

export type QuoteOfCalls = QuoteBody & { readonly calls: number }

/** The quote of one call. */
type Quote = (model: string, rows: readonly Instance[]) => Promise<QuoteBody>

/** Asks with a call's rows, as the call itself would. */
type Ask<Row> = (rows: readonly Row[], quote: (rows: readonly Instance[]) => Promise<QuoteBody>) => Promise<QuoteBody>

/** What a consumer would pay for all of them, where the owner is told. */
const consumersOf = (answers: readonly QuoteBody[]): QuoteBody['consumers'] => {
  const parts = answers.flatMap(({ consumers }) => (consumers ? [consumers] : []))
  const [first] = parts
  return first && { ...first, units: parts.reduce((sum, { units }) => sum + units, 0), cost: costOfAll(parts) }
}

/** What all calls of rows would cost together: each has the price's minimum. Throws what any of them throws. */
export const quoteAll = async <Row>(
  model: string,
  rows: readonly Row[],
  { rowsOfCall, ask, quote }: { readonly rowsOfCall: number; readonly ask: Ask<Row>; readonly quote: Quote },
): Promise<QuoteOfCalls> => {
  const { answers, stopped } = await inCalls<Row, QuoteBody>(rows, rowsOfCall, (part, first) => {
    const target = first ? pinned(`${first.name}/${first.version}`) : model
    return ask(part, (own) => quote(target, own))
  })
  if (stopped !== undefined) throw stopped
  const [first] = answers
  const consumers = consumersOf(answers)
  const tokens = answers.reduce((sum, own) => sum + (own.tokens ?? 0), 0)
  return {
    ...first!,
    rows: answers.reduce((sum, own) => sum + own.rows, 0),
    ...(first!.tokens !== undefined && { tokens }),
    units: answers.reduce((sum, own) => sum + own.units, 0),
    cost: costOfAll(answers),
    ...(consumers && { consumers }),
    // The first hour that ends ends them all.
    until: answers.map(({ until }) => until).toSorted()[0]!,
    calls: answers.length,
  }
}

const perText = (units: number, { unit, amount }: PriceBody): string => `${units} x ${unit} at ${amount}`

export const quoteText = (quote: QuoteOfCalls): string => {
  const { name, version, units, price, cost, currency, consumers, until, calls } = quote
  const as = calls === 1 ? 'as one call' : `as ${calls} calls`
  if (consumers) {
    const theirs = `${perText(consumers.units, consumers.price)}, cost ${consumers.cost} ${currency} ${as} until ${until}`
    return `${name}/${version}: free with an owner's key; a consumer pays ${theirs}`
  }
  const own = price ? perText(units, price) : `${units} x no price`
  return `${name}/${version}: ${own}, cost ${cost} ${currency} ${as} until ${until}`
}
