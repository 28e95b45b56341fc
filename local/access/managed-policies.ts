/**
 * Policies that AWS manages, by their documented content.
 * Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const onEverything = (...Action: string[]) => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })

/** ARN -> document. A policy that is not here is refused. */
export const managedPolicies: Readonly<Record<string, object>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': onEverything(
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ),
  'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess': onEverything(
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ),
}
