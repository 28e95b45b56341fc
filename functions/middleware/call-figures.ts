import type { Figures } from './telemetry.ts'

type Headers = Readonly<Record<string, boolean | number | string>>

/** The milliseconds behind `part` in what functions/predict/answer.ts wrote; 0 where it is not there. */
const duration = (serverTiming: string, part: `${string};dur=`): number => {
  const at = serverTiming.indexOf(part)
  return at < 0 ? 0 : Number.parseFloat(serverTiming.slice(at + part.length))
}

/** The figures of an answered call, as its own headers tell them; none for other answers. */
export const callFigures = (headers: Headers): Figures => {
  const timing = headers['server-timing']
  const cost = headers['percall-cost']
  if (timing === undefined || cost === undefined) return {}
  return {
    'percall.calls': 1,
    'percall.call.cost': Number(cost),
    'percall.call.load.duration': duration(String(timing), 'load;dur='),
    'percall.call.infer.duration': duration(String(timing), 'infer;dur='),
  }
}

/** The model that answered: `cars` of `cars/3`. */
export const modelCalled = (headers: Headers): string | undefined => {
  const version = headers['percall-version']
  return version === undefined ? undefined : String(version).split('/', 1)[0]
}
