import type { Figures } from './telemetry.ts'

type Headers = Readonly<Record<string, boolean | number | string>>

/** The milliseconds behind `part` in what functions/predict/answer.ts wrote; 0 where it is not there. */
const duration = (serverTiming: string, part: `${string};dur=`): number => {
  const at = serverTiming.indexOf(part)
  return at < 0 ? 0 : Number.parseFloat(serverTiming.slice(at + part.length))
}

const noFigures: Figures = {}

const chargedCall = (cost: number): Figures => ({ 'percall.calls': 1, 'percall.call.cost': cost })

/** The figures of an answered call, as its own headers tell them; none for other answers, also one that was kept and is sent again. */
export const callFigures = (headers: Headers): Figures => {
  const timing = headers['server-timing']
  const cost = headers['percall-cost']
  if (timing === undefined || cost === undefined) return noFigures
  return {
    ...chargedCall(Number(cost)),
    'percall.call.load.duration': duration(String(timing), 'load;dur='),
    'percall.call.infer.duration': duration(String(timing), 'infer;dur='),
  }
}

/** The figures of a call that is answered later; without its times where an earlier attempt had answered it, and this one charged it. */
export const laterFigures = (headers: Headers | undefined): Figures => {
  if (headers === undefined) return noFigures
  return headers['server-timing'] === undefined ? chargedCall(Number(headers['percall-cost'])) : callFigures(headers)
}

const nanoPerUnit = 1e9

/** What was charged of a batch: it is no call, and has no times of one. */
export const chargedFigures = (costNano: number): Figures => ({ 'percall.call.cost': costNano / nanoPerUnit })

/** The model that answered: `cars` of `cars/3`. */
export const modelCalled = (headers: Headers): string | undefined => {
  const version = headers['percall-version']
  return version === undefined ? undefined : String(version).split('/', 1)[0]
}
