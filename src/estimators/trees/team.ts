import { PercallError } from '../../errors.ts'
import { type Machine, openMachine } from './machine.ts'
import { type Phase, phases } from './phases.ts'
import type { Plan } from './plan.ts'

// Words of the control region.
const turn = 0
const done = 1
const phase = 2
const failed = 3

/** Looks before a thread sleeps: some 20 us, more than lies between two phases of a tree. */
const looks = 4000
/** How long the caller sleeps before it looks again whether a member failed. */
const lookMs = 50

const endOfWork = -1
const order = Object.keys(phases) as Phase[]

/** Runs one phase with all members, the caller among them, and waits for its end. */
export type Conduct = (phase: Phase, ...given: readonly number[]) => void

/** One phase by the caller alone: for work that is over before the others are awake. */
export const alone =
  (machine: Machine): Conduct =>
  (name, ...given) => {
    setGiven(machine, given)
    phases[name](machine, 0, 1)
  }

/** Phases by `members` threads, of which the others run `serve`. */
export const conductor = (machine: Machine): Conduct => {
  const { i32, plan } = machine
  const at = plan.at.control / 4
  if (plan.members === 1) return alone(machine)
  return (name, ...given) => {
    setGiven(machine, given)
    i32[at + phase] = order.indexOf(name)
    Atomics.store(i32, at + done, 0)
    Atomics.add(i32, at + turn, 1)
    Atomics.notify(i32, at + turn)
    phases[name](machine, 0, plan.members)
    for (let look = 0; Atomics.load(i32, at + done) < plan.members - 1; look++) {
      if (look < looks) continue
      const ready = Atomics.load(i32, at + done)
      if (ready < plan.members - 1) Atomics.wait(i32, at + done, ready, lookMs)
      if (Atomics.load(i32, at + failed) !== 0)
        throw new PercallError('INTERNAL', `trees, phase ${name}: a thread ended before its work`)
    }
  }
}

/** Lets every member end. */
export const dismiss = ({ i32, plan }: Machine): void => {
  const at = plan.at.control / 4
  i32[at + phase] = endOfWork
  Atomics.add(i32, at + turn, 1)
  Atomics.notify(i32, at + turn)
}

/** The life of member `member` >= 1 in a thread of its own: its share of each phase until it is dismissed. */
export const serve = (memory: WebAssembly.Memory, plan: Plan, member: number): void => {
  const machine = openMachine(memory, plan)
  const { i32 } = machine
  const at = plan.at.control / 4
  try {
    for (let seen = 0; ; seen++) {
      for (let look = 0; look < looks && Atomics.load(i32, at + turn) === seen; look++);
      while (Atomics.load(i32, at + turn) === seen) Atomics.wait(i32, at + turn, seen)
      const name = order[i32[at + phase]!]
      if (name === undefined) return
      phases[name](machine, member, plan.members)
      Atomics.add(i32, at + done, 1)
      Atomics.notify(i32, at + done)
    }
  } catch (error) {
    Atomics.store(i32, at + failed, 1)
    Atomics.notify(i32, at + done)
    throw error
  }
}

const setGiven = ({ f64, plan }: Machine, given: readonly number[]): void => {
  for (let i = 0; i < given.length; i++) f64[plan.at.given / 8 + i] = given[i]!
}
