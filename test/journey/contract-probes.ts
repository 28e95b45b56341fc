import { gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import type { Contract, Options } from './contract.ts'

/** Keys of who may not come. */
export type Strangers = {
  readonly consumer: string
  readonly ungranted: string
  /** May call everything, within no scope. */
  readonly unscoped: string
  /** May do everything from another address. */
  readonly elsewhere: string
}

const bomb = gzipSync(Buffer.alloc(33 * 1024 * 1024, ' '))

/** The path with every variable of the operation replaced. */
const withVariables = (name: string, path: string, text: string): string => {
  const template = name.split(' ')[1]?.split('/') ?? []
  return path
    .split('/')
    .map((part, i) => (template[i]?.startsWith('{') ? template[i].replace(/\{\w+\}/, text) : part))
    .join('/')
}

type Probe = { readonly status: number; readonly path: string; readonly options: Options }

/** Requests that must be refused, by what the document says of an operation whose good request is given. */
const probesOf = (
  { operation }: Contract,
  name: string,
  path: string,
  good: Options,
  keys: Strangers,
): readonly Probe[] => {
  const { value } = operation(name)
  const access = value['x-percall-access']
  const documented = (code: string): boolean => JSON.stringify(value.responses).includes(code)
  const probes: Probe[] = []
  const add = (status: number, options: Options, to = path): void => {
    probes.push({ status, path: to, options: { ...good, ...options } })
  }
  if (access !== 'public') add(401, { key: null })
  if (access === 'owner') add(403, { key: keys.consumer })
  if (access === 'key') add(403, { key: documented('OUT_OF_SCOPE') ? keys.unscoped : keys.elsewhere })
  if (documented('NOT_GRANTED') && name.includes('{model}')) add(403, { key: keys.ungranted })
  if (value.requestBody) {
    add(415, { body: 'x', headers: { 'content-type': 'text/yaml' } })
    if (documented('BAD_JSON')) {
      const type = { 'content-type': 'application/json' }
      add(400, { body: '{', headers: type })
      add(413, { body: bomb, headers: { ...type, 'content-encoding': 'gzip' } })
    }
  }
  if (documented('STALE')) add(412, { headers: { 'if-match': '"999999"' } })
  if (JSON.stringify(value.parameters ?? []).includes('query.limit')) add(400, {}, `${path}?limit=0`)
  if (documented('BAD_NAME') && name.includes('{')) add(400, {}, withVariables(name, path, '%20'))
  // A new name is no mistake where a version is added, or a trigger put.
  if (
    name.includes('{') &&
    value.responses['404'] &&
    !/^(?:POST \/api\/.*versions|PUT \/api\/triggers\/.*)$/.test(name)
  )
    add(404, {}, withVariables(name, path, /version/.test(name) ? '99999' : 'nothing'))
  return probes
}

/** Sends each request that must be refused; what comes must be the status that the document has for it. */
export const refuse = async (
  contract: Contract,
  name: string,
  path: string,
  good: Options,
  keys: Strangers,
): Promise<void> => {
  for (const { status, path: to, options } of probesOf(contract, name, path, good, keys)) {
    const answer = await contract.call(name, to, options)
    expect(answer.status, `${name}: ${to} ${JSON.stringify(answer.body)}`).toBe(status)
  }
}
