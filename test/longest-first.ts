import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes 13 s of a processor or more, the longest first: begun last, one of them would run alone at the end. */
const longest = [
  'journey/repeats',
  'journey/train',
  'journey/openapi',
  'journey/least-privilege',
  'journey/registration',
  'docs/examples',
  'functions/train',
  'functions/train-rounds',
  'functions/train-kill',
  'ledger/ledger',
]

/** Of vitest.config.ts. Together, because a worker is handed on only to the next file of the same project. */
const projects = ['journeys', 'handlers', 'alone', 'parts']

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
  return place >= 0 ? place : longest.length
}
const projectOf = ({ project }: TestSpecification): number => projects.indexOf(project.name)

/** Journeys before other files; in a fresh clone vitest knows no times, and would begin with the largest file. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.sort((a, b) => projectOf(a) - projectOf(b) || placeOf(a) - placeOf(b))
  }
}
