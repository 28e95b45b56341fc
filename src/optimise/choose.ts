import type { Policy } from './policy.ts'
import type { Quality } from './quality.ts'
import type { Variant, VariantName } from './variant.ts'

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`

/** Times differ from one measurement to the next: what is gained must be more than that. */
const leastGain = 0.05

/**
 * Why a variant's answers are too far from the float graph's; undefined where they are near enough. A loss counts by its
 * share of the float graph's, errors by their share of the rows; the bad end of the interval decides.
 */
const beyondTolerance = (quality: Quality, tolerance: number): string | undefined => {
  if (quality.kind === 'outputs') {
    const { largest } = quality
    if (largest === undefined) return 'answers: expected equal texts, whole numbers and shapes, got others'
    if (largest <= tolerance) return undefined
    return `answers: expected a difference of at most ${percent(tolerance)} of the largest, got ${percent(largest)}`
  }
  for (const { metric, float, high } of quality.figures) {
    const worse = metric === 'errorRate' ? high : high / float
    // A float graph without any loss leaves no room but for equal answers.
    if (worse <= tolerance || high <= 0) continue
    const of = metric === 'errorRate' ? 'of the rows' : `of ${Number(float.toPrecision(4))}`
    return `${metric}: expected at most ${percent(tolerance)} ${of} more, got up to ${percent(worse)} (95 % interval)`
  }
  return undefined
}

const isSame = (quality: Quality): boolean => quality.kind === 'outputs' && quality.largest === 0

export type Decision = {
  readonly chosen: VariantName
  readonly reason: string
  readonly variants: readonly Variant[]
}

type Measured = Variant & { readonly state: 'measured' }

const size = ({ figures }: Measured): number => figures.sizeBytes
const time = ({ figures }: Measured): number => figures.batch.p50Ms

/**
 * The variant that a policy asks for, and of each why it may not serve. The float graph stays where none is better; the
 * `variants` must hold it, measured.
 */
export const chooseVariant = (policy: Policy, variants: readonly Variant[]): Decision => {
  const tolerance = policy.kind === 'exact' ? 0 : policy.tolerance
  const judged = variants.map((variant): Variant => {
    if (variant.state === 'refused' || variant.name === 'float') return variant
    const beyond =
      policy.kind === 'exact' && !isSame(variant.quality)
        ? notExact(variant.quality)
        : beyondTolerance(variant.quality, tolerance)
    return beyond === undefined ? variant : { ...variant, beyond }
  })
  const float = judged.find((one): one is Measured => one.name === 'float' && one.state === 'measured')
  if (!float) return { chosen: 'float', reason: 'the graph itself was not measured', variants: judged }
  const allowed = judged.filter((one): one is Measured => one.state === 'measured' && one.beyond === undefined)
  const [word, cost, least] =
    policy.kind === 'fastest' ? (['time', time, 1 - leastGain] as const) : (['size', size, 1] as const)
  const best = allowed.reduce((a, b) => (cost(b) < cost(a) ? b : a), float)
  if (best === float || cost(best) > least * cost(float))
    return { chosen: 'float', reason: keptReason(policy, judged, word), variants: judged }
  const share = percent(cost(best) / cost(float))
  return { chosen: best.name, reason: `${share} of the ${word}, within ${allowedText(policy)}`, variants: judged }
}

/** Where labels judge, answers are not compared bit by bit. */
const notExact = ({ kind }: Quality): string =>
  kind === 'outputs'
    ? 'policy exact: expected the same answers to the bit'
    : 'policy exact: the graph itself serves; smallest:0% takes a variant that is no worse on the labels'

const keptReason = (policy: Policy, variants: readonly Variant[], word: string): string =>
  policy.kind === 'exact' && variants.some((variant) => variant.state === 'measured' && variant.beyond !== undefined)
    ? 'the graph itself serves'
    : `no variant within ${allowedText(policy)} has less ${word}`

const allowedText = (policy: Policy): string => (policy.kind === 'exact' ? 'equal answers' : percent(policy.tolerance))
