/** What a million calls cost at AWS's list prices: computed, not measured. Writes docs/cost.md. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { callCost, keyedUnits, meterUsd, serverlessCost, writeUnits } from './cost/cost.ts'
import { costText } from './cost/cost-text.ts'
import { countedFigure } from './measure/figure.ts'
import { report } from './measure/result.ts'

const mostUsd = { plain: 0.7, keyed: 2.7 } as const
const longAnswerBytes = 4096

writeFileSync(join(import.meta.dirname, '..', 'docs', 'cost.md'), costText())

report(
  'cost',
  [
    countedFigure({
      question: 'a million calls of 10 ms at 1769 MB arm64, with gateway, meter, logs and traces',
      unit: 'USD',
      value: callCost().total,
      peer: { name: 'SageMaker Serverless behind the same gateway and meter', value: serverlessCost(true) },
    }),
    countedFigure({
      question: 'of these, what metering adds',
      unit: 'USD',
      value: meterUsd(writeUnits.plain),
      targets: [{ of: 'value', atMost: mostUsd.plain }],
    }),
    countedFigure({
      question: 'what it adds with an Idempotency-Key, answer of one row',
      unit: 'USD',
      value: meterUsd(writeUnits.keyed),
      targets: [{ of: 'value', atMost: mostUsd.keyed }],
    }),
    countedFigure({
      question: 'the same, an answer of 4 KB as it is stored',
      unit: 'USD',
      value: meterUsd(keyedUnits(longAnswerBytes)),
      targets: [{ of: 'value', atMost: mostUsd.keyed }],
    }),
  ],
  [
    'Prices with their sources, SageMaker, ml.c5.large with its break-even, at rest and refused calls: docs/cost.md.',
    'A transaction is billed two units for each KB of each item, so a record over 1 KB alone exceeds the bound with a key; a smaller threshold for S3 would cost more, 5 USD a million puts.',
  ],
)
