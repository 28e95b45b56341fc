/** What /openapi.json says, held against what the service does: each answer's status, media type, headers and body. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'

// biome-ignore lint/suspicious/noExplicitAny: a JSON document; what it must be is what its validator says
type Json = any

export type Options = {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** The owner's key unless another, or null for none, is given. */
  readonly key?: string | null
}

export type Answered = { readonly status: number; readonly headers: Headers; readonly body: Json }

/** An operation of the document by `POST /v2/models/{model}/infer`. */
type Operation = { readonly name: string; readonly pattern: RegExp; readonly value: Json }

const operationsOf = (document: Json): readonly Operation[] =>
  Object.entries<Json>(document.paths).flatMap(([path, verbs]) =>
    Object.entries<Json>(verbs).map(([verb, value]) => ({
      name: `${verb.toUpperCase()} ${path}`,
      pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+?')}$`),
      value,
    })),
  )

const pointerPart = (text: string): string => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'))

/** Sends requests and holds them against the document that the service serves. Remembers the statuses that came. */
export const createContract = (url: string, ownerKey: string, document: Json) => {
  // OpenAPI's own keywords stand among those of JSON Schema.
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema(document, 'openapi.json')
  const operations = operationsOf(document)
  const seen = new Map<string, Set<number>>(operations.map(({ name }) => [name, new Set()]))
  const resolve = (value: Json): Json =>
    value.$ref === undefined
      ? value
      : value.$ref
          .slice(2)
          .split('/')
          .reduce((found: Json, part: string) => found[part], document)

  const validators = new Map<string, ValidateFunction>()
  const schemaAt = (...place: readonly string[]): ValidateFunction => {
    const pointer = place.map(pointerPart).join('/')
    const validate = validators.get(pointer) ?? ajv.compile({ $ref: `openapi.json#/${pointer}` })
    validators.set(pointer, validate)
    return validate
  }

  const expectValid = (validate: ValidateFunction, value: Json, what: string): void => {
    if (!validate(value))
      throw new Error(`${what}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(value).slice(0, 2000)}`)
  }

  const operation = (name: string): Operation => {
    const found = operations.find((one) => one.name === name)
    if (!found) throw new Error(`operation ${name}: expected it in the document`)
    return found
  }

  const checkAnswer = ({ name, value }: Operation, { status, headers, body }: Answered): void => {
    const what = `${name} -> ${status}`
    const written = value.responses[status]
    expect(written, `${what} is not documented: ${JSON.stringify(body)}`).toBeDefined()
    expect(headers.get('percall-request-id'), what).not.toBeNull()
    const place = written.$ref?.slice(2).split('/') ?? [
      'paths',
      name.split(' ')[1],
      name.split(' ')[0]?.toLowerCase(),
      'responses',
      String(status),
    ]
    const { content, headers: named = {} } = resolve(written)
    for (const header of ['Location', 'ETag']) if (header in named) expect(headers.get(header), what).not.toBeNull()
    if (!content) {
      expect(body, what).toBe('')
      return
    }
    const type = headers.get('content-type')?.split(';')[0] ?? ''
    expect(Object.keys(content), what).toContain(type)
    if (/json$/.test(type) && content[type].schema)
      expectValid(schemaAt(...place, 'content', type, 'schema'), body, what)
  }

  /** A body that was taken must be one that the document allows. */
  const checkRequest = ({ name, value }: Operation, { body }: Options): void => {
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) return
    const [verb = '', path = ''] = name.split(' ')
    expect(value.requestBody, name).toBeDefined()
    expectValid(
      schemaAt('paths', path, verb.toLowerCase(), 'requestBody', 'content', 'application/json', 'schema'),
      body,
      `${name}: its request`,
    )
  }

  const call = async (name: string, path: string, options: Options = {}): Promise<Answered> => {
    const found = operation(name)
    expect(path.split('?')[0], name).toMatch(found.pattern)
    const answer = await send(url, name.split(' ')[0] ?? '', path, { key: ownerKey, ...options })
    seen.get(name)?.add(answer.status)
    checkAnswer(found, answer)
    if (answer.status < 300) checkRequest(found, options)
    return answer
  }

  return {
    call,
    operations,
    operation,
    seen: (name: string): ReadonlySet<number> => seen.get(name) ?? new Set(),
  }
}

export type Contract = ReturnType<typeof createContract>

const send = async (url: string, method: string, path: string, { body, headers, key }: Options): Promise<Answered> => {
  const raw = body instanceof Uint8Array || typeof body === 'string'
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(typeof key === 'string' && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && !raw && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: raw ? Buffer.from(body) : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}
