/**
 * States of the run machine that go to an engine other than Lambda: a job does what the function of the same name does,
 * keeps its answer below the run's folder, and the function `answer` reads it from there.
 */

/** The states that read a run's table, in which a large one has no room in a function. `fit` does `score` too. */
export const jobStates = ['prepare', 'fit', 'choose', 'refit', 'export', 'optimise', 'evaluate', 'gate'] as const

/** Where jobs go; an engine that is not deployed is absent. */
export type JobTargets = {
  readonly batch?: { readonly queueArn: string; readonly definitionArn: string }
  readonly sagemaker?: { readonly roleArn: string; readonly imageUri: string; readonly outputUri: string }
  /** Of the containers of both. */
  readonly environment: Readonly<Record<string, string>>
}

/** Of V8's heap in a job; the rest is for typed arrays and native code. */
const heapShare = 0.7
/** A job that died goes on from its last checkpoint; more deaths than that have a reason. */
const retry = [
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 2, JitterStrategy: 'FULL' },
]
const mostGb = 500
const mostSeconds = 24 * 60 * 60

const expression = (text: string): string => `{% ${text} %}`

const isJobState = (name: string): boolean => jobStates.some((state) => state === name)

type Wanted = {
  /** The state's name in the machine. */
  readonly title: string
  readonly step: string
  /** JSONata of where variables are: `$` or `$states.input.`. */
  readonly from: string
  /** Members of the state's event. */
  readonly takes: readonly string[]
  /** What a job's state has besides: Catch. */
  readonly caught: object
  /** The state that reads the answer; it has the event of the function `answer`. */
  readonly answer: (payload: Readonly<Record<string, unknown>>) => object
}

const entryOf = (title: string): string => `${title}Engine`

/** The name by which a state is entered. */
export const enter = (targets: JobTargets | undefined, title: string, step: string): string =>
  targets && isJobState(step) ? entryOf(title) : title

const variables = (step: string, event: string, from: string) => [
  ['PERCALL_STEP', step],
  ['PERCALL_EVENT', expression(event)],
  ['PERCALL_JOB_MEMORY_MB', expression(`$string(${from}job.memoryMb)`)],
  ['PERCALL_JOB_VCPUS', expression(`$string(${from}job.vcpus)`)],
  ['NODE_OPTIONS', expression(`'--max-old-space-size=' & $string($floor(${from}job.memoryMb * ${heapShare}))`)],
]

/** The states around one: which engine, its job, and the job's answer. */
export const engineStates = (targets: JobTargets | undefined, wanted: Wanted): Readonly<Record<string, object>> => {
  const { title, step, from, takes, caught, answer } = wanted
  if (!targets || !isJobState(step)) return {}
  const { batch, sagemaker, environment } = targets
  const members = ['runId', 'attempt', ...takes]
  const event = `$string({${members.map((name) => `'${name}': ${from}${name}`).join(', ')}})`
  const told = variables(step, event, from)
  const read = `${title}Answer`
  const common = { Retry: retry, ...caught, Next: read, Output: expression('$states.input') }
  const payload = Object.fromEntries(
    ['runId', 'attempt', ...takes.filter((name) => ['trialId', 'rung'].includes(name) && step === 'fit')].map(
      (name) => [name, expression(`${from}${name}`)],
    ),
  )
  return {
    [entryOf(title)]: {
      Type: 'Choice',
      Choices: [
        ...(batch ? [{ Condition: expression(`${from}engine = 'batch'`), Next: `${title}Batch` }] : []),
        ...(sagemaker ? [{ Condition: expression(`${from}engine = 'sagemaker'`), Next: `${title}SageMaker` }] : []),
      ],
      Default: title,
    },
    ...(batch && {
      [`${title}Batch`]: {
        Type: 'Task',
        Resource: 'arn:aws:states:::batch:submitJob.sync',
        Arguments: {
          JobName: expression(`${from}runId & '-${step}'`),
          JobQueue: batch.queueArn,
          JobDefinition: batch.definitionArn,
          ContainerOverrides: {
            Environment: told.map(([Name, Value]) => ({ Name, Value })),
            ResourceRequirements: [
              { Type: 'VCPU', Value: expression(`$string(${from}job.vcpus)`) },
              { Type: 'MEMORY', Value: expression(`$string(${from}job.memoryMb)`) },
            ],
          },
        },
        ...common,
      },
    }),
    ...(sagemaker && {
      [`${title}SageMaker`]: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
        Arguments: {
          TrainingJobName: expression("'percall-' & $uuid()"),
          RoleArn: sagemaker.roleArn,
          AlgorithmSpecification: {
            TrainingImage: sagemaker.imageUri,
            TrainingInputMode: 'File',
            ContainerEntrypoint: ['node', '/opt/percall/train-job/index.js'],
          },
          Environment: { ...environment, ...Object.fromEntries(told) },
          OutputDataConfig: { S3OutputPath: sagemaker.outputUri },
          ResourceConfig: {
            InstanceCount: 1,
            InstanceType: expression(`${from}job.instance`),
            VolumeSizeInGB: mostGb,
          },
          StoppingCondition: { MaxRuntimeInSeconds: mostSeconds },
        },
        ...common,
      },
    }),
    [read]: answer({ ...payload, step }),
  }
}
