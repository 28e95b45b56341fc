import { expect, test } from 'vitest'
import { blend, loans, penguins, tensorsOf } from './explained.ts'

const logOdds = (p: number): number => Math.log(p / (1 - p))

test('given two classes and a calibrator, either class adds up before it, and its step ends at the answer', async () => {
  const calibrator = { kind: 'platt', slope: 0.8, offset: -0.3 } as const
  const { manifest, explain } = await blend([['gbdt', 1]], { table: loans, target: 'Class' }, { calibrator })
  const inputs = tensorsOf(manifest, loans, [3, 8])
  const [one, other] = await Promise.all(manifest.classes!.map((label) => explain({ inputs, class: label })))
  const byDefault = await explain({ inputs })
  expect(byDefault.rows.map((row) => row.class)).toEqual([manifest.positive, manifest.positive])
  one!.rows.forEach((row, at) => {
    const twin = other!.rows[at]!
    expect(row.prediction).toBeCloseTo(-twin.prediction, 12)
    expect(row.contributions.map(({ contribution }) => contribution)).toEqual(
      twin.contributions.map(({ contribution }) => -contribution),
    )
    for (const { answer, calibration, prediction } of [row, twin]) {
      expect(calibration).toMatchObject({ kind: 'platt', output: 'margin', before: prediction })
      expect(calibration!.after).toBeCloseTo(logOdds(answer), 5)
    }
  })
})

test('given three classes and a calibrator, or a sole forest, the step is of probabilities', async () => {
  const of = { table: penguins, target: 'species' }
  const temperature = await blend([['gbdt', 1]], of, { calibrator: { kind: 'temperature', scale: 0.7 } })
  const inputs = tensorsOf(temperature.manifest, penguins, [0, 200])
  const { output, rows } = await temperature.explain({ inputs })
  expect(output).toBe('margin')
  for (const { calibration, answer } of rows) {
    expect(calibration).toMatchObject({ kind: 'temperature', output: 'probability' })
    expect(calibration!.after).toBeCloseTo(answer, 5)
  }
  const forest = await (await blend([['forest', 1]], of)).explain({ inputs, class: 'Adelie' })
  const [first] = forest.rows
  expect(first!.prediction).toBeCloseTo(1, 12)
  expect(first!.calibration).toMatchObject({ kind: 'clip', before: first!.prediction })
  expect(first!.calibration!.after).toBeCloseTo(first!.answer, 6)
})
