import { expect, test } from 'vitest'
import { type Reason, sentence, type Told } from '../../../src/explain/sentence.ts'

const reason = (
  column: string,
  value: Reason['value'],
  contribution: number,
  standardError?: number | null,
): Reason => ({
  column,
  value,
  contribution,
  ...(standardError !== undefined && { standardError }),
})

const toldOf = (base: number, reasons: readonly Reason[], more: Partial<Told> = {}): Told => ({
  output: { kind: 'value', target: 'MPG' },
  base,
  answer: reasons.reduce((sum, { contribution }) => sum + contribution, base),
  reasons,
  small: 0.05,
  ...more,
})

const weight = reason('Weight', 2130, 3.3)
const power = reason('Horsepower', 150, -2.1)
const year = reason('Year', 82, 0.2)
const spam = { output: { kind: 'probability', target: 'kind', class: 'spam' }, small: 0.01 } as const
const doubtfulYear = reason('Year', 82, 2, 1.01)

test.for<[string, Told, string, string]>([
  [
    'reasons of both directions, and a weak one that is left out',
    toldOf(23.4, [year, weight, power]),
    'MPG is 24.8, 1.4 above the usual 23.4. It is mainly raised by Weight = 2130 (+3.3) and lowered by Horsepower = 150 (-2.1).',
    'MPG为 24.8，比通常的 23.4 高 1.4。主要被 Weight = 2130（+3.3） 拉高，被 Horsepower = 150（-2.1） 拉低。',
  ],
  [
    'one direction, several columns',
    toldOf(20, [power, reason('Origin', 'USA', -4)]),
    'MPG is 13.9, 6.1 below the usual 20. It is mainly lowered by Origin = USA (-4) and Horsepower = 150 (-2.1).',
    'MPG为 13.9，比通常的 20 低 6.1。主要被 Origin = USA（-4）、Horsepower = 150（-2.1） 拉低。',
  ],
  [
    'a missing value',
    toldOf(20, [reason('Horsepower', null, 1)]),
    'MPG is 21, 1 above the usual 20. It is mainly raised by Horsepower missing (+1).',
    'MPG为 21，比通常的 20 高 1。主要被 Horsepower 缺失（+1） 拉高。',
  ],
  [
    'a reason within two standard errors beside a sure one',
    toldOf(20, [reason('Weight', 2130, 3, 0.5), doubtfulYear]),
    'MPG is 25, 5 above the usual 20. It is mainly raised by Weight = 2130 (+3); Year may matter too, but within the error of the estimate.',
    'MPG为 25，比通常的 20 高 5。主要被 Weight = 2130（+3） 拉高；Year 可能也有影响，但未超出估计误差。',
  ],
  [
    'a reason of exactly two standard errors is not sure, one beyond them is',
    toldOf(20, [reason('a', 1, 2, 1), reason('b', 1, 2, 0.99)]),
    'MPG is 24, 4 above the usual 20. It is mainly raised by b = 1 (+2); a may matter too, but within the error of the estimate.',
    'MPG为 24，比通常的 20 高 4。主要被 b = 1（+2） 拉高；a 可能也有影响，但未超出估计误差。',
  ],
  [
    'no reason beyond its error',
    toldOf(20, [doubtfulYear]),
    'MPG is 22, 2 above the usual 20. No column stands out from the error of the estimate.',
    'MPG为 22，比通常的 20 高 2。没有哪一列的影响明显超出估计误差。',
  ],
  [
    'reasons whose error is unknown',
    toldOf(20, [reason('a', 1, 3, null), reason('b', 1, -2, null)]),
    'MPG is 21, 1 above the usual 20. It is mainly raised by a = 1 (+3) and lowered by b = 1 (-2); this is one rough estimate, whose error is unknown.',
    'MPG为 21，比通常的 20 高 1。主要被 a = 1（+3） 拉高，被 b = 1（-2） 拉低；这只是一次粗略估计，误差未知。',
  ],
  [
    'reasons that cancel out',
    toldOf(20, [reason('a', 1, 3), reason('b', 'x', -3.01)]),
    'MPG is 20, close to the usual 20. What raises it, a = 1 (+3), and what lowers it, b = x (-3.01), nearly cancel out.',
    'MPG为 20，接近通常的 20。拉高它的 a = 1（+3） 与拉低它的 b = x（-3.01） 大致相互抵消。',
  ],
  [
    'reasons that nearly cancel out and leave more than a little',
    toldOf(20, [reason('a', 1, 3), reason('b', 'x', -2.5)]),
    'MPG is 20.5, 0.5 above the usual 20. It is mainly raised by a = 1 (+3) and lowered by b = x (-2.5).',
    'MPG为 20.5，比通常的 20 高 0.5。主要被 a = 1（+3） 拉高，被 b = x（-2.5） 拉低。',
  ],
  [
    'nothing that moves the answer',
    toldOf(20, [reason('a', 1, 0)]),
    'MPG is 20, close to the usual 20. No column moves it.',
    'MPG为 20，接近通常的 20。没有哪一列改变它。',
  ],
  [
    'a small effect with a reason of its own',
    toldOf(20, [reason('a', 1, 0.04)]),
    'MPG is 20, close to the usual 20. It is mainly raised by a = 1 (+0.04).',
    'MPG为 20，接近通常的 20。主要被 a = 1（+0.04） 拉高。',
  ],
  [
    'a class, with the words of its text that move it as the text does and by a good part, the strongest first',
    toldOf(
      0.25,
      [
        {
          ...reason('comment', 'call now to claim a prize', 0.5),
          words: [
            { word: 'now', contribution: 0.1 },
            { word: 'prize', contribution: 0.45 },
            { word: 'a', contribution: 0 },
            { word: 'call', contribution: -0.4 },
            { word: 'claim', contribution: 0.0449 },
          ],
        },
      ],
      spam,
    ),
    'The probability of kind = spam is 0.75, 0.5 above the usual 0.25. It is mainly raised by comment with “prize” +0.45 and “now” +0.1 (+0.5).',
    'kind = spam 的概率为 0.75，比通常的 0.25 高 0.5。主要被 comment 含 “prize” +0.45、“now” +0.1（+0.5） 拉高。',
  ],
  [
    'a margin, with the probability that is answered',
    toldOf(0, [reason('size', 3, 2)], { output: { kind: 'margin', target: 'kind', class: 'spam' }, served: 0.8808 }),
    'The log-odds score of kind = spam is 2 (probability 0.881), 2 above the usual 0. It is mainly raised by size = 3 (+2).',
    'kind = spam 的对数几率得分为 2（概率 0.881），比通常的 0 高 2。主要被 size = 3（+2） 拉高。',
  ],
  [
    'a margin before a calibrator',
    toldOf(0, [reason('size', 3, 2)], {
      ...{ output: { kind: 'margin', target: 'kind', class: 'spam' }, served: 0.1, calibrated: true },
    }),
    'The log-odds score of kind = spam is 2 (probability 0.1 after calibration), 2 above the usual 0. It is mainly raised by size = 3 (+2).',
    'kind = spam 的对数几率得分为 2（校准后概率 0.1），比通常的 0 高 2。主要被 size = 3（+2） 拉高。',
  ],
  [
    'a probability before a calibrator',
    toldOf(0.5, [reason('size', 3, 0.25)], { ...spam, served: 0.8, calibrated: true }),
    'The probability of kind = spam is 0.75 (answered: 0.8 after calibration), 0.25 above the usual 0.5. It is mainly raised by size = 3 (+0.25).',
    'kind = spam 的概率为 0.75（校准后回答为 0.8），比通常的 0.5 高 0.25。主要被 size = 3（+0.25） 拉高。',
  ],
  [
    'a text that lowers, with no word that does, and one whose words have no numbers',
    toldOf(20, [
      { ...reason('a', 'good', -2), words: [{ word: 'good', contribution: 1 }] },
      {
        ...reason('review', 'awful was wonderful', -3),
        wordsOnly: true as const,
        words: [
          { word: 'wonderful', contribution: 0.0015 },
          { word: 'awful', contribution: -0.9985 },
          { word: 'was', contribution: -0.0013 },
        ],
      },
    ]),
    'MPG is 15, 5 below the usual 20. It is mainly lowered by review with “awful” (-3) and a = good (-2).',
    'MPG为 15，比通常的 20 低 5。主要被 review 含 “awful”（-3）、a = good（-2） 拉低。',
  ],
  [
    'a logarithm, with the value that is answered',
    toldOf(1, [reason('size', 3, 2)], { output: { kind: 'logarithm', target: 'visits' }, served: 20.0855 }),
    'The logarithm of visits is 3 (answered: 20.1), 2 above the usual 1. It is mainly raised by size = 3 (+2).',
    'visits 的对数为 3（回答为 20.1），比通常的 1 高 2。主要被 size = 3（+2） 拉高。',
  ],
  [
    'a margin, and a long text without words',
    toldOf(0, [reason('comment', 'x'.repeat(40), -1)], {
      output: { kind: 'margin', target: 'kind', class: 'spam' },
    }),
    `The log-odds score of kind = spam is -1, 1 below the usual 0. It is mainly lowered by comment = ${'x'.repeat(31)}… (-1).`,
    `kind = spam 的对数几率得分为 -1，比通常的 0 低 1。主要被 comment = ${'x'.repeat(31)}…（-1） 拉低。`,
  ],
])('%s -> at most two sentences in English and Chinese', ([, told, english, chinese]) => {
  expect(sentence(told, 'en')).toBe(english)
  expect(sentence(told, 'zh')).toBe(chinese)
})
