import { aws_lambda as lambda } from 'aws-cdk-lib'
import type { Node } from 'constructs'
import type { LayerContent } from '../layers/build.ts'
import { type Architecture, architectures } from '../layers/layer.ts'

/** What a deployment chooses, by CDK context (`-c percall:currency=EUR`). */
export type Settings = {
  readonly architecture: Architecture
  /** ISO 4217; money is kept in its nano-units. */
  readonly currency: string
  /** IANA name; fixed once a usage row exists. */
  readonly billingZone: string
  readonly serverName: string
  /** Memory of the two predict functions; a version's measured memory says which one serves it. */
  readonly predictMb: { readonly small: number; readonly large: number }
  /** Models that each predict environment loads while it starts: names, also with @alias or @number. */
  readonly pinnedModels: string
  /** Where alarms are sent; nobody where it is empty. */
  readonly alarmEmail: string
  /** The alarm on what a day of inference costs. */
  readonly dailyCostUsd: number
  /** Metrics of each model: 0.30 USD a month each, so a deployment chooses them. */
  readonly modelMetrics: 'on' | 'off'
  readonly layerContent: LayerContent
  /** Name of the events of a Stripe meter, `{model}` in it the model; nothing is sent where it is empty. */
  readonly stripeMeter: string
  /** Product code of AWS Marketplace; nothing is sent where it is empty. */
  readonly marketplaceProduct: string
  /** Whether runs may go to AWS Batch on Fargate. */
  readonly batch: boolean
  /** Whether runs may go to SageMaker. */
  readonly sagemaker: boolean
}

/** The CDK's name of the processor that a deployment chose. */
export const lambdaArchitecture = ({ architecture }: Settings): lambda.Architecture =>
  architecture === 'arm64' ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64

/** Reads and checks the context. Throws an error that names the key, what is allowed and what came. */
export const readSettings = (node: Node): Settings => ({
  architecture: oneOf(node, 'percall:architecture', architectures, 'arm64'),
  currency: matching(node, 'percall:currency', /^[A-Z]{3}$/, 'USD'),
  billingZone: zone(node, 'percall:billing-zone', 'UTC'),
  serverName: matching(node, 'percall:server-name', /^[\w.-]{1,64}$/, 'percall'),
  predictMb: predictSizes(node),
  pinnedModels: matching(node, 'percall:pinned', /^(?:[\w.@-]{1,257}(?:,(?!$)|$))*$/, ''),
  alarmEmail: matching(node, 'percall:alarm-email', /^(?:[^\s@]+@[^\s@]+)?$/, ''),
  dailyCostUsd: Number(matching(node, 'percall:alarm-daily-cost', /^\d{1,7}(?:\.\d{1,2})?$/, '10')),
  modelMetrics: oneOf(node, 'percall:model-metrics', ['on', 'off'], 'off'),
  layerContent: oneOf(node, 'percall:layers', ['full', 'manifest'], 'full'),
  stripeMeter: matching(node, 'percall:stripe-meter', /^(?:[\w.-]|\{model\}){0,100}$/, ''),
  marketplaceProduct: matching(node, 'percall:marketplace-product', /^[\w-]{0,255}$/, ''),
  batch: oneOf(node, 'percall:batch', ['true', 'false'], 'false') === 'true',
  sagemaker: sagemaker(node),
})

const read = (node: Node, key: string, otherwise: string): string => String(node.tryGetContext(key) ?? otherwise)

const oneOf = <Value extends string>(node: Node, key: string, allowed: readonly Value[], otherwise: Value): Value => {
  const given = read(node, key, otherwise)
  const found = allowed.find((value) => value === given)
  if (!found) throw new Error(`context ${key}: expected one of ${allowed.join(', ')}, got ${given}`)
  return found
}

const matching = (node: Node, key: string, pattern: RegExp, otherwise: string): string => {
  const given = read(node, key, otherwise)
  if (!pattern.test(given)) throw new Error(`context ${key}: expected ${pattern}, got ${given}`)
  return given
}

const zone = (node: Node, key: string, otherwise: string): string => {
  const given = read(node, key, otherwise)
  try {
    return new Intl.DateTimeFormat('en', { timeZone: given }).resolvedOptions().timeZone
  } catch {
    throw new Error(`context ${key}: expected an IANA time zone, got ${given}`)
  }
}

// https://aws.amazon.com/sagemaker/ai/pricing/: no machine for training is arm64, and the container is of one processor.
const sagemaker = (node: Node): boolean => {
  const wanted = oneOf(node, 'percall:sagemaker', ['true', 'false'], 'false') === 'true'
  if (!wanted || oneOf(node, 'percall:architecture', architectures, 'arm64') === 'x86_64') return wanted
  throw new Error('context percall:sagemaker: expected percall:architecture=x86_64 beside it, got arm64')
}

/** The engines that runs may choose from, as the functions are told them. */
export const enginesOf = ({ batch, sagemaker: on }: Settings): string =>
  ['lambda', ...(batch ? ['batch'] : []), ...(on ? ['sagemaker'] : [])].join(',')

/** Where usage is sent to, as the functions are told it; nothing of what is off. */
export const receiversOf = ({ stripeMeter, marketplaceProduct }: Settings): Readonly<Record<string, string>> => ({
  ...(stripeMeter && { PERCALL_STRIPE_METER: stripeMeter }),
  ...(marketplaceProduct && { PERCALL_MARKETPLACE_PRODUCT: marketplaceProduct }),
})

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html; 1769 MB are one processor.
const lambdaMb = { least: 512, most: 10_240 }
const usualSmallMb = '1769'
const usualLargeMb = '8192'

const megabytes = (node: Node, key: string, otherwise: string): number => {
  const given = read(node, key, otherwise)
  const mb = Number(given)
  if (Number.isInteger(mb) && mb >= lambdaMb.least && mb <= lambdaMb.most) return mb
  throw new Error(`context ${key}: expected megabytes ${lambdaMb.least}..${lambdaMb.most}, got ${given}`)
}

const predictSizes = (node: Node): Settings['predictMb'] => {
  const small = megabytes(node, 'percall:predict-mb', usualSmallMb)
  const large = megabytes(node, 'percall:predict-large-mb', usualLargeMb)
  if (large > small) return { small, large }
  throw new Error(`context percall:predict-large-mb: expected more than percall:predict-mb ${small}, got ${large}`)
}
