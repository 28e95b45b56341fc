/** Deaths of single functions: their requests to other services are cut at a chosen one, before or after it took effect. */
import { AsyncLocalStorage } from 'node:async_hooks'
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'

/** One invocation: it dies at its `diesAt`-th request, counted from 1. */
export type Life = { readonly diesAt: number; readonly afterEffect: boolean; requests: number; dead: boolean }

const lives = new AsyncLocalStorage<Life>()

export const newLife = (diesAt: number, afterEffect: boolean): Life => ({
  diesAt,
  afterEffect,
  requests: 0,
  dead: false,
})

/** Without a code, so that the SDK does not repeat the request: who is dead repeats nothing. */
const death = (): Error => new Error('the function was killed')

type Answered = (response: IncomingMessage) => void

/** From now on requests of a life that has ended throw, as if its process were gone. Answers how to undo it. */
export const cutTransport = (): (() => void) => {
  const whole = http.request
  const cut = (options: http.RequestOptions, answered?: Answered): ClientRequest => {
    const life = lives.getStore()
    if (!life) return whole(options, answered)
    life.requests += 1
    if (life.dead) throw death()
    if (life.requests !== life.diesAt) return whole(options, answered)
    life.dead = true
    if (!life.afterEffect) throw death()
    const request = whole(options, (response) => {
      response.resume()
      request.destroy(death())
    })
    return request
  }
  http.request = cut as typeof http.request // the form in which the SDK calls it
  syncBuiltinESMExports()
  return () => {
    http.request = whole
    syncBuiltinESMExports()
  }
}

/** Runs a function until its end, or its death. */
export const liveThrough = async <Value>(life: Life, work: () => Promise<Value>): Promise<Value> => {
  const value = await lives.run(life, work)
  if (life.dead) throw death()
  return value
}
