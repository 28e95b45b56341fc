import { expect, test } from 'vitest'
import { runDefinition } from '../../infra/run-definition.ts'
import { definitionFaults } from '../../scripts/state-machine.ts'

const definition = runDefinition((state) => `arn:aws:lambda:us-east-1:000000000000:function:${state}`)

test('the training state machine -> valid', () => {
  expect(definitionFaults(definition)).toEqual([])
})

test.for([
  ['a start that is no state', { ...definition, StartAt: 'Nowhere' }],
  ['a state of no known type', { ...definition, StartAt: 'A', States: { A: { Type: 'Loop', End: true } } }],
  ['a state that nothing reaches', { StartAt: 'A', States: { A: { Type: 'Succeed' }, B: { Type: 'Succeed' } } }],
] as const)('a state machine with %s -> refused', ([, broken]) => {
  expect(definitionFaults(broken)).toHaveLength(1)
})
