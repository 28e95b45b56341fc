/** Sizes and prices of the engines, as this release knows them; a price is the one on demand in us-east-1. */

export const engineNames = ['lambda', 'batch', 'sagemaker'] as const

export type Engine = (typeof engineNames)[number]

/** Where the prices below are from; another region's differ by some per cent. */
export const priceRegion = 'us-east-1'

/** What one job of a fit gets. `usdPerHour` is for as long as it runs. */
export type JobSize = {
  readonly vcpus: number
  readonly memoryMb: number
  readonly usdPerHour: number
  /** SageMaker's name of the machine. */
  readonly instance?: string
}

/** https://aws.amazon.com/lambda/pricing/, arm64 and x86_64 in the first tier. */
const lambdaUsdPerGbSecond = { arm64: 0.0000133334, x86_64: 0.0000166667 } as const

/** https://aws.amazon.com/fargate/pricing/, Linux. */
const fargateUsdPerHour = {
  arm64: { vcpu: 0.03238, gb: 0.00356 },
  x86_64: { vcpu: 0.04048, gb: 0.004445 },
} as const

export type Architecture = keyof typeof lambdaUsdPerGbSecond

const mbPerGb = 1024
const secondsPerHour = 3600

/** Processors and GB that Fargate takes together. https://docs.aws.amazon.com/batch/latest/userguide/fargate.html */
const fargateSizes: readonly (readonly [number, number])[] = [
  [2, 4],
  [2, 8],
  [2, 16],
  [4, 30],
  [8, 60],
  [16, 120],
]

/** https://aws.amazon.com/sagemaker/ai/pricing/, training; SageMaker trains on no arm64 machine. */
const sagemakerSizes: readonly JobSize[] = [
  { instance: 'ml.m5.xlarge', vcpus: 4, memoryMb: 16 * mbPerGb, usdPerHour: 0.23 },
  { instance: 'ml.m5.2xlarge', vcpus: 8, memoryMb: 32 * mbPerGb, usdPerHour: 0.461 },
  { instance: 'ml.m5.4xlarge', vcpus: 16, memoryMb: 64 * mbPerGb, usdPerHour: 0.922 },
  { instance: 'ml.m5.12xlarge', vcpus: 48, memoryMb: 192 * mbPerGb, usdPerHour: 2.765 },
  { instance: 'ml.m5.24xlarge', vcpus: 96, memoryMb: 384 * mbPerGb, usdPerHour: 5.53 },
]

/** Lambda gives one full processor for each 1,769 MB. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const lambdaMbPerVcpu = 1769

/** The sizes of an engine, the smallest first; Lambda's one is that of the function that fits. */
export const sizesOf = (engine: Engine, architecture: Architecture, lambdaMb: number): readonly JobSize[] => {
  if (engine === 'sagemaker') return sagemakerSizes
  if (engine === 'batch') {
    const { vcpu, gb } = fargateUsdPerHour[architecture]
    return fargateSizes.map(([vcpus, gigabytes]) => ({
      vcpus,
      memoryMb: gigabytes * mbPerGb,
      usdPerHour: vcpus * vcpu + gigabytes * gb,
    }))
  }
  const usdPerHour = (lambdaUsdPerGbSecond[architecture] * secondsPerHour * lambdaMb) / mbPerGb
  return [{ vcpus: lambdaMb / lambdaMbPerVcpu, memoryMb: lambdaMb, usdPerHour }]
}
