import { readFileSync } from 'node:fs'

export type ResidentMemory = { readonly residentMb: number; readonly peakMb: number }

const kbPerMb = 1024

/** Memory of a process as the kernel counts it (15 µs). Undefined where there is no /proc, or no such process. */
export const memoryOf = (pid: number): ResidentMemory | undefined => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const residentKb = /^VmRSS:\s+(\d+)/m.exec(status)?.[1]
    const peakKb = /^VmHWM:\s+(\d+)/m.exec(status)?.[1]
    if (!residentKb || !peakKb) return undefined
    return { residentMb: Math.ceil(Number(residentKb) / kbPerMb), peakMb: Math.ceil(Number(peakKb) / kbPerMb) }
  } catch {
    return undefined
  }
}
