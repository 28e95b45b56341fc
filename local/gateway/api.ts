/**
 * One HTTP API of the template, read strictly: Api, Stage, Integrations and Routes.
 * Does: Lambda proxy integrations with payload format 2.0. Does not: authorizers, VPC links, parameter mapping, mutual
 * TLS, custom domains, deployments by hand, OpenAPI bodies; all of these are errors that name the property.
 */
import type { Resource } from '../service.ts'
import { type CorsConfiguration, corsOf } from './cors.ts'
import { parseRouteKey, type RoutePattern } from './route.ts'

export type Throttle = { readonly ratePerSecond: number; readonly burst: number }

export type Route = {
  readonly key: string
  readonly pattern: RoutePattern
  readonly functionArn: string
  readonly timeoutMs: number
  readonly throttle: Throttle | undefined
}

export type Api = {
  readonly id: string
  readonly stage: string
  readonly stageVariables: Readonly<Record<string, string>> | undefined
  readonly cors: CorsConfiguration | undefined
  readonly routes: readonly Route[]
}

const known = {
  'AWS::ApiGatewayV2::Api': [
    'CorsConfiguration',
    'Description',
    'DisableExecuteApiEndpoint',
    'IpAddressType',
    'Name',
    'ProtocolType',
    'Tags',
    'Version',
  ],
  'AWS::ApiGatewayV2::Stage': [
    'AccessLogSettings',
    'ApiId',
    'AutoDeploy',
    'DefaultRouteSettings',
    'Description',
    'RouteSettings',
    'StageName',
    'StageVariables',
    'Tags',
  ],
  'AWS::ApiGatewayV2::Integration': [
    'ApiId',
    'ConnectionType',
    'Description',
    'IntegrationMethod',
    'IntegrationType',
    'IntegrationUri',
    'PayloadFormatVersion',
    'TimeoutInMillis',
  ],
  'AWS::ApiGatewayV2::Route': ['ApiId', 'ApiKeyRequired', 'AuthorizationType', 'OperationName', 'RouteKey', 'Target'],
} as const
const knownRouteSettings = [
  'DataTraceEnabled',
  'DetailedMetricsEnabled',
  'LoggingLevel',
  'ThrottlingBurstLimit',
  'ThrottlingRateLimit',
]

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const longestTimeoutMs = 30_000

/** Reads the resources of one API. Throws on unknown types, properties, values, and on a route without its parts. */
export const apiOf = (resources: readonly Resource[]): Api => {
  for (const resource of resources) {
    const names: readonly string[] | undefined = known[resource.type as keyof typeof known] // absent: refused below
    if (!names) throw new Error(`${nameOf(resource)}: unknown resource type`)
    refuseUnknown(nameOf(resource), resource.properties, names)
  }
  const ofType = (type: keyof typeof known) => resources.filter((resource) => resource.type === type)
  const api = only(ofType('AWS::ApiGatewayV2::Api'), 'AWS::ApiGatewayV2::Api')
  const stage = only(ofType('AWS::ApiGatewayV2::Stage'), 'AWS::ApiGatewayV2::Stage')
  expectValue(api, 'ProtocolType', ['HTTP'])
  expectValue(stage, 'AutoDeploy', [true, 'true'])
  const integrations = new Map(ofType('AWS::ApiGatewayV2::Integration').map((one) => [one.ref, integrationOf(one)]))
  const settings = routeSettingsOf(stage)
  const routes = ofType('AWS::ApiGatewayV2::Route').map((route): Route => {
    expectValue(route, 'AuthorizationType', ['NONE', undefined])
    expectValue(route, 'ApiKeyRequired', [false, undefined])
    const { RouteKey: key, Target: target } = route.properties
    const integration = integrations.get(String(target).replace(/^integrations\//, ''))
    if (!integration) throw new Error(`${nameOf(route)}: expected Target integrations/{id}, got ${target}`)
    return { key, pattern: parseRouteKey(key), ...integration, throttle: settings.of(key) }
  })
  const unused = settings.keys.filter((key) => !routes.some((route) => route.key === key))
  if (unused.length > 0) throw new Error(`${nameOf(stage)} RouteSettings: no route ${unused.join(', ')}`)
  const repeated = routes.find((route, index) => routes.findIndex((other) => other.key === route.key) !== index)
  if (repeated) throw new Error(`${nameOf(api)}: two routes ${repeated.key}`)
  return {
    id: api.ref,
    stage: stage.properties.StageName,
    stageVariables: stage.properties.StageVariables,
    cors: api.properties.CorsConfiguration && corsOf(nameOf(api), api.properties.CorsConfiguration),
    routes,
  }
}

const nameOf = (resource: Resource): string => `${resource.stack}/${resource.logicalId} (${resource.type})`

const refuseUnknown = (where: string, value: object, names: readonly string[]): void => {
  const unknown = Object.keys(value).filter((name) => !names.includes(name))
  if (unknown.length > 0) throw new Error(`${where}: unknown properties ${unknown.join(', ')}`)
}

const only = (resources: readonly Resource[], type: string): Resource => {
  const [first, ...others] = resources
  if (!first || others.length > 0) throw new Error(`expected one ${type}, got ${resources.length}`)
  return first
}

const expectValue = (resource: Resource, property: string, values: readonly unknown[]): void => {
  const value = resource.properties[property]
  if (values.includes(value)) return
  throw new Error(`${nameOf(resource)} ${property}: expected ${values[0]}, got ${JSON.stringify(value)}`)
}

const integrationOf = (resource: Resource): Pick<Route, 'functionArn' | 'timeoutMs'> => {
  expectValue(resource, 'IntegrationType', ['AWS_PROXY'])
  expectValue(resource, 'PayloadFormatVersion', ['2.0'])
  expectValue(resource, 'ConnectionType', ['INTERNET', undefined])
  expectValue(resource, 'IntegrationMethod', ['POST', undefined])
  const uri: string = resource.properties.IntegrationUri
  // Both a function's ARN and the older form with /2015-03-31/functions/{arn}/invocations are in use.
  const functionArn = /arn:aws:lambda:[\w-]+:\d+:function:[\w$:-]+/.exec(uri)?.[0]
  if (!functionArn) throw new Error(`${nameOf(resource)} IntegrationUri: expected a function, got ${uri}`)
  return { functionArn, timeoutMs: Number(resource.properties.TimeoutInMillis ?? longestTimeoutMs) }
}

const routeSettingsOf = (stage: Resource) => {
  const { DefaultRouteSettings = {}, RouteSettings = {} } = stage.properties
  refuseUnknown(`${nameOf(stage)} DefaultRouteSettings`, DefaultRouteSettings, knownRouteSettings)
  for (const [key, settings] of Object.entries<object>(RouteSettings)) {
    refuseUnknown(`${nameOf(stage)} RouteSettings ${key}`, settings, knownRouteSettings)
  }
  return {
    keys: Object.keys(RouteSettings),
    of: (key: string): Throttle | undefined => {
      const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = {
        ...DefaultRouteSettings,
        ...RouteSettings[key],
      }
      if (rate === undefined && burst === undefined) return undefined
      return { ratePerSecond: Number(rate ?? Number.POSITIVE_INFINITY), burst: Number(burst ?? rate) }
    },
  }
}
