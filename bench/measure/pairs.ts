import { type Summary, summarise } from './statistics.ts'

/** Takes samples in turn, each pair in the other order than the last, so that a slow drift of the machine meets both. */
export const alternate = async <Sample>(pairs: number, ours: () => Promise<Sample>, peer: () => Promise<Sample>) => {
  const taken = { ours: [] as Sample[], peers: [] as Sample[] }
  for (let pair = 0; pair < pairs; pair++) {
    const first = pair % 2 === 0
    if (!first) taken.peers.push(await peer())
    taken.ours.push(await ours())
    if (first) taken.peers.push(await peer())
  }
  return taken
}

/** The times of `calls` calls one after the other, each in units of `perMs` to the millisecond. */
export const timeCalls = async (calls: number, perMs: number, call: () => Promise<unknown>): Promise<Summary> => {
  const times = new Array<number>(calls)
  for (let i = 0; i < calls; i++) {
    const beganAtMs = performance.now()
    await call()
    times[i] = (performance.now() - beganAtMs) * perMs
  }
  return summarise(times)
}

/** The one time of something slow. */
export const once = (value: number): Summary => summarise([value])
