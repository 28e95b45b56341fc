import { createRandom } from '../../src/random.ts'

/** What a model answers on the test rows: values, or the probabilities of `classes` in their order. */
export type Answers = readonly (number | readonly number[])[]

/** The truth of the test rows; `classes` is null for a regression. */
export type Truth = { readonly classes: readonly string[] | null; readonly values: readonly (number | string)[] }

/** scikit-learn's bound: a class that was given no chance costs 34 nats, not infinity. */
const leastProbability = 1e-15

/** What each row adds to the score: its squared error, or -log of its class's probability. */
export const rowLosses = ({ classes, values }: Truth, answers: Answers): Float64Array =>
  Float64Array.from(values, (truth, row) => {
    const answer = answers[row]!
    if (classes === null) return (Number(answer) - Number(truth)) ** 2
    const own = (answer as readonly number[])[classes.indexOf(String(truth))] ?? 0 // classes come with probabilities
    return -Math.log(Math.max(own, leastProbability))
  })

/** RMSE or mean log-loss of rows. */
const scoreOf = (classes: Truth['classes'], mean: number): number => (classes === null ? Math.sqrt(mean) : mean)

const meanOf = (losses: Float64Array): number => losses.reduce((sum, loss) => sum + loss, 0) / losses.length

export const score = ({ classes }: Truth, losses: Float64Array): number => scoreOf(classes, meanOf(losses))

const resamples = 2000

/**
 * Ours less theirs, with its standard error over 2,000 resamples of the test rows, the same rows of both (paired
 * bootstrap, Efron & Tibshirani 1993). `steps` is their ratio; 0 where both answer alike.
 */
export const pairedDifference = ({ classes }: Truth, ours: Float64Array, theirs: Float64Array) => {
  const random = createRandom(20)
  const differences = Float64Array.from({ length: resamples }, () => {
    let [our, their] = [0, 0]
    for (let drawn = 0; drawn < ours.length; drawn++) {
      const row = Math.floor(random() * ours.length)
      our += ours[row]!
      their += theirs[row]!
    }
    return scoreOf(classes, our / ours.length) - scoreOf(classes, their / ours.length)
  })
  const mean = meanOf(differences)
  const standardError = Math.sqrt(meanOf(differences.map((value) => (value - mean) ** 2)))
  const difference = scoreOf(classes, meanOf(ours)) - scoreOf(classes, meanOf(theirs))
  return { difference, standardError, steps: standardError > 0 ? difference / standardError : 0 }
}
