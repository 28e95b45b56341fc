import { Command, Option } from 'commander'
import { getPrices, setPrice } from '../../client/billing.ts'
import type { PriceBody } from '../../client/bodies.ts'
import { clientOf, printResult } from '../context.ts'
import { wrongUsage } from '../failure.ts'

type Options = { readonly per?: string; readonly minimum?: string; readonly from?: string }

const priceText = ({ amount, currency, unit, minimumPerCall, from }: PriceBody): string =>
  `${amount} ${currency} per ${unit}` +
  (minimumPerCall === '0' ? '' : `, at least ${minimumPerCall} per call`) +
  (from === null ? '' : `, from ${from}`)

/** Shows or sets what a call of a model costs. */
export const priceCommand = (): Command =>
  new Command('price')
    .description('show the price of a model, or set it')
    .argument('<name>')
    .argument('[amount]', 'a decimal such as 0.002; shows the price where absent')
    .addOption(new Option('--per <unit>', 'what one amount pays for').choices(['call', 'row', 'token']))
    .option('--minimum <amount>', 'the least that a call costs')
    .option('--from <time>', 'start of the hour it holds from; the first price holds at once')
    .action(async (name: string, amount: string | undefined, { per, minimum, from }: Options, command: Command) => {
      if (amount === undefined) {
        if (per !== undefined || minimum !== undefined || from !== undefined)
          throw wrongUsage(
            'expected an amount beside --per, --minimum and --from',
            `percall price ${name} 0.002 --per row`,
          )
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
      if (per === undefined)
        throw wrongUsage('--per: expected call, row or token, got none', `percall price ${name} ${amount} --per row`)
      const body = {
        unit: per,
        amount,
        ...(minimum !== undefined && { minimumPerCall: minimum }),
        ...(from !== undefined && { from }),
      }
      const price = await setPrice(clientOf(command), name, body)
      printResult(command, price, `${name}: ${priceText(price)}`)
    })
