/** The machine of the kill test: a task, then a branch with a task, then two iterations. */
import { arnOf, invokeTask } from './machines.ts'

export const stepsArn = arnOf('steps')

export const steps = {
  QueryLanguage: 'JSONata',
  StartAt: 'A',
  States: {
    A: invokeTask('note', { step: 'a' }, { Assign: { seen: '{% $states.result.Payload %}' }, Next: 'P' }),
    P: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'A1',
          States: {
            A1: invokeTask('note', { step: 'a1' }, { Next: 'B' }),
            B: invokeTask('note', { step: 'b' }, { End: true }),
          },
        },
      ],
      Next: 'M',
    },
    M: {
      Type: 'Map',
      Items: ['c', 'd'],
      MaxConcurrency: 1,
      ItemProcessor: {
        StartAt: 'N',
        States: { N: invokeTask('note', { step: '{% $states.input %}' }, { End: true }) },
      },
      Output: { seen: '{% $seen %}', noted: '{% $states.result %}' },
      End: true,
    },
  },
}
