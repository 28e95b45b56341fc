import { Command, Option } from 'commander'
import { getPrices, setPrice } from '../../client/billing.ts'
import type { PriceBody } from '../../client/bodies.ts'
import { parseNano } from '../../src/billing/money.ts'
import { priceUnits } from '../../src/billing/price.ts'
import { clientOf, note, printResult } from '../context.ts'
import { wrongUsage } from '../failure.ts'
import { wholeNumber } from '../values.ts'

type Tier = { readonly from: number; readonly amount: string }

type Options = {
  readonly per?: string
  readonly minimum?: string
  readonly free?: number
  readonly tier?: readonly Tier[]
  readonly from?: string
}

/** `1000:0.001`: what a unit costs behind 1,000 of the month. */
const gatherTiers = (text: string, before: readonly Tier[] = []): readonly Tier[] => {
  const [from = '', amount = ''] = text.split(':', 2)
  return [...before, { from: wholeNumber(from), amount }]
}

const priceText = ({ amount, currency, unit, minimumPerCall, freePerMonth, tiers = [], from }: PriceBody): string =>
  `${amount} ${currency} per ${unit}` +
  (minimumPerCall === '0' ? '' : `, at least ${minimumPerCall} per call`) +
  (freePerMonth === undefined ? '' : `, ${freePerMonth} a month free`) +
  tiers.map((tier) => `, ${tier.amount} behind ${tier.from} a month`).join('') +
  (from === null ? '' : `, from ${from}`)

/** Units that most calls have none of. */
const unitsOnlyOf: Readonly<Record<string, string>> = {
  token: 'only texts of embeddings and completions have tokens',
  explained_row: 'only explanations have explained rows',
}

/** Shows or sets what a call of a model costs. */
export const priceCommand = (): Command =>
  new Command('price')
    .description('show the price of a model, or set it')
    .argument('<name>')
    .argument('[amount]', 'a decimal such as 0.002; shows the price where absent')
    .addOption(new Option('--per <unit>', 'what one amount pays for').choices(priceUnits))
    .option('--minimum <amount>', 'the least that a call costs')
    .option('--free <units>', 'units of a month that the invoice gives back', wholeNumber)
    .option('--tier <units:amount>', 'what a unit costs behind so many of a month (many times)', gatherTiers)
    .option('--from <time>', 'start of the hour it holds from; the first price holds at once')
    .action(async (name: string, amount: string | undefined, options: Options, command: Command) => {
      const { per, minimum, free, tier, from } = options
      if (amount === undefined) {
        if (Object.keys(options).length > 0)
          throw wrongUsage('expected an amount beside the options', `percall price ${name} 0.002 --per row`)
        const prices = await getPrices(clientOf(command), name)
        const { price } = prices
        const later = prices.prices.filter(
          ({ id, from }) => id !== price?.id && from !== null && Date.parse(from) > Date.now(),
        )
        printResult(command, prices, () =>
          [price ? priceText(price) : 'no price, calls are free', ...later.map(priceText)]
            .map((text) => `${name}: ${text}`)
            .join('\n'),
        )
        return
      }
      parseNano('amount', amount)
      if (per === undefined)
        throw wrongUsage(
          `--per: expected one of ${priceUnits.join(', ')}, got none`,
          `percall price ${name} ${amount} --per row`,
        )
      const body = {
        unit: per,
        amount,
        ...(minimum !== undefined && { minimumPerCall: minimum }),
        ...(free !== undefined && { freePerMonth: free }),
        ...(tier && { tiers: tier }),
        ...(from !== undefined && { from }),
      }
      const price = await setPrice(clientOf(command), name, body)
      printResult(command, price, `${name}: ${priceText(price)}`)
      const only = unitsOnlyOf[price.unit]
      if (only !== undefined && price.minimumPerCall === '0')
        note(`warning: ${only}, and all other calls of ${name} are free; --minimum is what every call costs at least`)
    })
