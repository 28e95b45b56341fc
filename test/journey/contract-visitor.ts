import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Stack } from '../stack/stack.ts'
import type { Answered, Contract, Options } from './contract.ts'
import { refuse, type Strangers } from './contract-probes.ts'

type Ask = (name: string, path: string, status: number, options?: Options) => Promise<Answered>

/** Who calls operations by their names in the document. Each answer is held against it. */
export type Visitor = {
  readonly stack: Stack
  readonly contract: Contract
  readonly keys: Strangers
  /** What must be refused, then the good request itself. */
  readonly visit: Ask
  readonly expectStatus: Ask
  /** Asks until the thing has ended. */
  readonly ended: (name: string, path: string) => Promise<Answered>
}

export const createVisitor = (stack: Stack, contract: Contract, keys: Strangers): Visitor => {
  const expectStatus: Ask = async (name, path, status, options = {}) => {
    const answer = await contract.call(name, path, options)
    const fault = answer.status < 500 ? [] : stack.logged(answer.headers.get('percall-request-id') ?? '')
    expect(answer.status, `${name}: ${path} ${JSON.stringify(answer.body)} ${fault.join('\n')}`).toBe(status)
    return answer
  }
  const visit: Ask = async (name, path, status, options = {}) => {
    await refuse(contract, name, path, options, keys)
    return await expectStatus(name, path, status, options)
  }
  const ended: Visitor['ended'] = async (name, path) => {
    for (;;) {
      const answer = await contract.call(name, path)
      if (answer.body.endedAt !== undefined) return answer
      await setTimeout(50)
    }
  }
  return { stack, contract, keys, visit, expectStatus, ended }
}
