/** A rule of the template with its targets. Every property is known by name. */
import { AwsError, type Resource } from '../service.ts'
import { compilePattern, type Matches } from './pattern.ts'
import { type NextDue, parseSchedule } from './schedule.ts'
import { compileInput, type TargetInput } from './target-input.ts'

export type Target = {
  readonly id: string
  readonly arn: string
  readonly kind: 'function' | 'machine' | 'queue'
  readonly roleArn: string | undefined
  readonly input: TargetInput
  readonly maximumAgeMs: number
  readonly maximumRetries: number
  readonly deadLetterArn: string | undefined
}

export type Rule = {
  readonly arn: string
  readonly name: string
  readonly description: string | undefined
  readonly patternText: string | undefined
  readonly schedule: string | undefined
  readonly enabled: boolean
  readonly matches: Matches
  readonly nextDue: NextDue | undefined
  readonly targets: readonly Target[]
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html: 24 hours, 185 times. */
const defaults = { ageS: 86_400, retries: 185 }

const ruleProperties = [
  'Name',
  'Description',
  'EventPattern',
  'ScheduleExpression',
  'State',
  'Targets',
  'EventBusName',
  'Tags',
]
const targetProperties = [
  ...['Id', 'Arn', 'RoleArn', 'Input', 'InputPath', 'InputTransformer', 'RetryPolicy', 'DeadLetterConfig'],
]

/** The rule of an AWS::Events::Rule. Throws AwsError that names rule and property. */
export const ruleOf = (resource: Resource): Rule => {
  const where = `rule ${resource.stack}/${resource.logicalId}`
  only(where, resource.properties, ruleProperties)
  const { Description, EventPattern, ScheduleExpression, State = 'ENABLED', Targets = [] } = resource.properties
  const { EventBusName = 'default' } = resource.properties
  if (EventBusName !== 'default') throw invalid(where, `EventBusName: expected default, got ${EventBusName}`)
  if (!['ENABLED', 'DISABLED'].includes(State)) throw invalid(where, `State ${State} is not supported`)
  if ((EventPattern === undefined) === (ScheduleExpression === undefined)) {
    throw invalid(where, 'expected one of EventPattern and ScheduleExpression')
  }
  const arn: string = resource.attributes.Arn ?? ''
  if (arn === '') throw invalid(where, 'expected the attribute Arn')
  try {
    return {
      arn,
      name: arn.slice(arn.lastIndexOf('/') + 1),
      description: Description,
      patternText: EventPattern === undefined ? undefined : JSON.stringify(EventPattern),
      schedule: ScheduleExpression,
      enabled: State === 'ENABLED',
      matches: EventPattern === undefined ? () => false : compilePattern(EventPattern),
      nextDue: ScheduleExpression === undefined ? undefined : parseSchedule(ScheduleExpression),
      targets: Targets.map((target: Properties) => targetOf(where, target)),
    }
  } catch (error) {
    throw error instanceof AwsError ? error : invalid(where, (error as Error).message)
  }
}

type Properties = Resource['properties']

const invalid = (where: string, what: string) => new AwsError('ValidationException', `${where}: ${what}`)

const only = (where: string, properties: object, names: readonly string[]) => {
  for (const name of Object.keys(properties)) {
    if (!names.includes(name)) throw invalid(where, `property ${name} is not supported`)
  }
}

const kinds = { lambda: 'function', states: 'machine', sqs: 'queue' } as const

const targetOf = (where: string, properties: Properties): Target => {
  const place = `${where} target ${properties.Id}`
  only(place, properties, targetProperties)
  only(`${place} RetryPolicy`, properties.RetryPolicy ?? {}, ['MaximumEventAgeInSeconds', 'MaximumRetryAttempts'])
  const arn = String(properties.Arn)
  const kind = kinds[arn.split(':')[2] as keyof typeof kinds]
  if (kind === undefined) throw invalid(place, `Arn ${arn}: expected a function, a state machine or a queue`)
  if (kind === 'machine' && properties.RoleArn === undefined) throw invalid(place, 'a state machine needs a RoleArn')
  return {
    id: properties.Id,
    arn,
    kind,
    roleArn: properties.RoleArn,
    input: compileInput(properties),
    maximumAgeMs: Number(properties.RetryPolicy?.MaximumEventAgeInSeconds ?? defaults.ageS) * 1000,
    maximumRetries: Number(properties.RetryPolicy?.MaximumRetryAttempts ?? defaults.retries),
    deadLetterArn: properties.DeadLetterConfig?.Arn,
  }
}
