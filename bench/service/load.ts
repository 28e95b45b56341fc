import { Agent, request } from 'node:http'
import { type Summary, summarise } from '../measure/statistics.ts'

export type Target = {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

const ok = 200
const msPerSecond = 1000

/** One POST; the answer is read to its end. Throws for another status than 200. */
const post = (agent: Agent, { url, headers, body }: Target): Promise<void> =>
  new Promise((resolve, reject) => {
    const length = String(Buffer.byteLength(body))
    const call = request(url, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', 'content-length': length, ...headers },
    })
    call.on('error', reject)
    call.on('response', (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => {
        if (response.statusCode === ok) resolve()
        else reject(new Error(`${url}: expected 200, got ${response.statusCode}: ${text}`))
      })
    })
    call.end(body)
  })

export type Load = { readonly requestsPerSecond: number; readonly latencyMs: Summary }

/** Sends requests over `connections` for `durationMs`, each connection the next as soon as the last is answered. */
export const load = (target: Target, connections: number, durationMs: number): Promise<Load> => {
  const untilMs = performance.now() + durationMs
  return loadWhile(target, connections, () => performance.now() < untilMs)
}

/** The same for a number of calls. */
export const loadCalls = (target: Target, connections: number, calls: number): Promise<Load> => {
  let left = calls
  return loadWhile(target, connections, () => left-- > 0)
}

const loadWhile = async (target: Target, connections: number, goesOn: () => boolean): Promise<Load> => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const latenciesMs: number[] = []
  const beganAtMs = performance.now()
  const caller = async (): Promise<void> => {
    while (goesOn()) {
      const sentAtMs = performance.now()
      await post(agent, target)
      latenciesMs.push(performance.now() - sentAtMs)
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, caller))
  } finally {
    agent.destroy()
  }
  const seconds = (performance.now() - beganAtMs) / msPerSecond
  return { requestsPerSecond: latenciesMs.length / seconds, latencyMs: summarise(latenciesMs) }
}
