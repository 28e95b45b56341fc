import { readFileSync } from 'node:fs'

export type ResidentMemory = {
  readonly residentMb: number
  readonly peakMb: number
  /** Writable memory that it has asked for, touched or not. */
  readonly askedMb: number
}

const kbPerMb = 1024

/** Memory of a process as the kernel counts it (15 µs). Undefined where there is no /proc, or no such process. */
export const memoryOf = (pid: number): ResidentMemory | undefined => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const residentKb = /^VmRSS:\s+(\d+)/m.exec(status)?.[1]
    const peakKb = /^VmHWM:\s+(\d+)/m.exec(status)?.[1]
    const askedKb = /^VmData:\s+(\d+)/m.exec(status)?.[1]
    if (!residentKb || !peakKb || !askedKb) return undefined
    const inMb = (kb: string): number => Math.ceil(Number(kb) / kbPerMb)
    return { residentMb: inMb(residentKb), peakMb: inMb(peakKb), askedMb: inMb(askedKb) }
  } catch {
    return undefined
  }
}
