import type { Figures } from './telemetry.ts'

type Headers = Readonly<Record<string, boolean | number | string>>

const duration = (serverTiming: string, part: string): number =>
  Number(new RegExp(`(?:^|, )${part};dur=([\\d.]+)`).exec(serverTiming)?.[1] ?? 0)

/** The figures of an answered call, as its own headers tell them; none for other answers. */
export const callFigures = (headers: Headers): Figures => {
  const timing = headers['server-timing']
  const cost = headers['percall-cost']
  if (timing === undefined || cost === undefined) return {}
  return {
    'percall.calls': 1,
    'percall.call.cost': Number(cost),
    'percall.call.load.duration': duration(String(timing), 'load'),
    'percall.call.infer.duration': duration(String(timing), 'infer'),
  }
}

/** The model that answered: `cars` of `cars/3`. */
export const modelCalled = (headers: Headers): string | undefined => {
  const version = headers['percall-version']
  return version === undefined ? undefined : String(version).split('/', 1)[0]
}
