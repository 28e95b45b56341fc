/** One list price in USD, and AWS's own page that has it. */
export type ListPrice = { readonly usd: number; readonly per: string; readonly source: string }

const lambda = 'https://aws.amazon.com/lambda/pricing/'
const gateway = 'https://aws.amazon.com/api-gateway/pricing/'
const dynamo = 'https://aws.amazon.com/dynamodb/pricing/on-demand/'
const watch = 'https://aws.amazon.com/cloudwatch/pricing/'
const sagemaker = 'https://aws.amazon.com/sagemaker/ai/pricing/'
const million = 'million'

/** The state of the table below; AWS's pages decide. */
export const pricesOf = { region: 'us-east-1', month: 'November 2026' } as const

/** First tiers, without free tiers, savings plans or taxes. */
export const prices = {
  gatewayRequests: { usd: 1.0, per: `${million} requests of an HTTP API, to 512 KB each`, source: gateway },
  lambdaRequests: { usd: 0.2, per: `${million} requests`, source: lambda },
  lambdaArm: { usd: 0.0000133334, per: 'GB-second, arm64', source: lambda },
  writeUnits: { usd: 0.625, per: `${million} write request units, on demand`, source: dynamo },
  readUnits: { usd: 0.125, per: `${million} read request units, on demand`, source: dynamo },
  tableStorage: { usd: 0.25, per: 'GB and month in a table', source: dynamo },
  tableRecovery: { usd: 0.2, per: 'GB and month of point-in-time recovery', source: dynamo },
  objectStorage: { usd: 0.023, per: 'GB and month in S3 Standard', source: 'https://aws.amazon.com/s3/pricing/' },
  logs: { usd: 0.5, per: 'GB of logs taken in', source: watch },
  alarmMetrics: { usd: 0.1, per: 'metric of an alarm and month', source: watch },
  traces: { usd: 5, per: `${million} traces recorded`, source: 'https://aws.amazon.com/xray/pricing/' },
  keys: { usd: 1, per: 'KMS key and month', source: 'https://aws.amazon.com/kms/pricing/' },
  serverless2Gb: { usd: 0.00004, per: 'second of SageMaker Serverless Inference with 2 GB', source: sagemaker },
  serverlessData: { usd: 0.016, per: 'GB in or out of SageMaker inference', source: sagemaker },
  c5Large: { usd: 0.102, per: 'hour of ml.c5.large, real-time inference', source: sagemaker },
} as const satisfies Readonly<Record<string, ListPrice>>
