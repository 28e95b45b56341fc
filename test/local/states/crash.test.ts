import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeExecutionCommand, GetExecutionHistoryCommand } from '@aws-sdk/client-sfn'
import { expect, onTestFinished, test } from 'vitest'
import { expectValid, machineResource, openStates } from './machines.ts'
import { steps, stepsArn } from './steps.ts'

const killedArn = `${stepsArn.replace(':stateMachine:', ':execution:')}:killed`
const program = new URL('./crash-child.ts', import.meta.url).pathname

const open = (folder: string) =>
  openStates({
    folder,
    functions: {
      note: ({ step }: { step: string }) => {
        appendFileSync(join(folder, 'calls'), `${step}\n`)
        return step
      },
    },
  })

test('kill -9 while a task is in flight -> resume runs that task again and no finished one', async () => {
  expectValid(steps)
  const folder = mkdtempSync(join(tmpdir(), 'percall-crash-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const calls = () => (existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').split('\n') : [])
  const child = spawn('node', [program, folder], { stdio: 'inherit' })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  while (!calls().includes('b')) await new Promise((resolve) => setTimeout(resolve, 10))
  child.kill('SIGKILL')
  await exited

  const service = await open(folder)
  service.states.addStateMachine(machineResource('steps', steps))
  service.states.resume()
  const ended = await service.ended(killedArn)
  expect([ended.status, ended.output]).toEqual(['SUCCEEDED', '{"seen":"a","noted":["c","d"]}'])
  expect(calls()).toEqual(['a', 'a1', 'b', 'b', 'c', 'd', ''])
  const { events } = await service.client.send(new GetExecutionHistoryCommand({ executionArn: killedArn }))
  const count = (type: string) => events!.filter((event) => event.type === type).length
  expect(['ExecutionStarted', 'TaskStateEntered', 'ExecutionSucceeded'].map(count)).toEqual([1, 5, 1])
  await service.close()

  const later = await open(folder)
  later.states.resume()
  const described = await later.client.send(new DescribeExecutionCommand({ executionArn: killedArn }))
  const history = await later.client.send(new GetExecutionHistoryCommand({ executionArn: killedArn }))
  expect([described.output, history.events!.length]).toEqual([ended.output, events!.length])
  expect(later.events).toEqual([])
  await later.close()
})
