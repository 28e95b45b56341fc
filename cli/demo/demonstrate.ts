import { getMe } from '../../client/billing.ts'
import type { UsageBody } from '../../client/bodies.ts'
import type { Client } from '../../client/client.ts'
import { table } from '../table.ts'
import { type Cars, cars, showCars } from './cars.ts'
import { ensureModel } from './ensure-model.ts'
import { showWorkedExample, type WorkedExample, workedExample } from './worked-example.ts'

export type Demonstration = {
  readonly owner: Client
  readonly consumer: Client
  readonly consumerKey: string
  /** Train again what was trained before. */
  readonly fresh: boolean
  /** Whether the service answers after the demonstration, so that commands to try it are of use. */
  readonly stays: boolean
  readonly print: (line: string) => void
}

type Facts = { readonly workedExample: WorkedExample; readonly cars: Cars; readonly usage: UsageBody }

// As the documents give them: 0.9410554, 0.0438566 and 4.96841655.
const thetaPlaces = 7
const predictionPlaces = 8

const usageText = ({ by, totals, currency }: UsageBody): string =>
  table(
    ['model', 'calls', 'units', currency],
    [
      ...by.map(({ model, calls, units, cost }) => [model, calls, units, cost]),
      ['total', totals.calls, totals.units, totals.cost],
    ],
  )

const shownText = ({ workedExample: example, cars: fuel, usage }: Facts): string =>
  [
    '',
    `Worked example (${example.version}: least squares by 1000 steps of gradient descent)`,
    `  theta           ${example.theta.map((value) => value.toFixed(thetaPlaces)).join(', ')}  (${example.theta.join(', ')})`,
    `  predict([5,6])  ${example.prediction.toFixed(predictionPlaces)}  (${example.prediction})`,
    `  this call cost  ${example.cost} ${usage.currency}`,
    '',
    `Fuel consumption (${fuel.version}: trained on examples/cars/cars.train.csv)`,
    `  R2 on ${fuel.rows} rows of cars.test.csv  ${fuel.r2.toFixed(3)}, which cost ${fuel.cost} ${usage.currency}`,
    `  its first car: ${fuel.prediction} miles per gallon, which cost ${fuel.rowCost} ${usage.currency}`,
    '',
    'Usage of the consumer local-consumer so far',
    usageText(usage).replaceAll(/^/gm, '  '),
    '',
  ].join('\n')

const nextText = (url: string, key: string, { cars: fuel }: Facts): string =>
  [
    '',
    'Try it',
    `  curl ${url}/v1/models/cars:predict -H 'Authorization: Bearer ${key}' \\`,
    `    -H 'Content-Type: application/json' -d '${JSON.stringify({ instances: [fuel.row] })}'`,
    '',
    'Your own table, from a second terminal in this folder',
    '  npx percall train FILE.csv --target COLUMN --name my-model --wait',
    `  npx percall predict my-model --row '{"INPUT": 1, "OTHER": "a"}'`,
    '  npx percall price my-model 0.001 --per call',
    '',
  ].join('\n')

/** Trains both examples where they are new, calls them as a consumer, and tells what came out. Throws DEMO_DIFFERS. */
export const demonstrate = async ({ owner, consumer, consumerKey, fresh, stays, print }: Demonstration) => {
  await ensureModel(owner, workedExample, { fresh, print })
  await ensureModel(owner, cars, { fresh, print })
  const facts: Facts = {
    workedExample: await showWorkedExample(consumer),
    cars: await showCars(consumer),
    usage: (await getMe(consumer)).usage,
  }
  const next = stays ? nextText(consumer.url, consumerKey, facts) : ''
  return { facts, text: shownText(facts) + next }
}
