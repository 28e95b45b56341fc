import type { Unnamed } from './pipeline-shape.ts'
import { shownTerm } from './text-block.ts'

type Named = readonly [feature: string, source: string]

type Names = { readonly features: readonly string[]; readonly sources: readonly string[] }

/** `Cylinders`, `Year month sin`, `city target`, `Horsepower missing`, `Origin=USA`, `comment~word`, each with its raw column. */
export const featureNames = (fitted: Unnamed): Names => {
  const numbers: readonly Named[] = [
    ...fitted.numbers.map((name): Named => [name, name]),
    ...fitted.dates.flatMap(({ name, parts }) => parts.map((part): Named => [`${name} ${part}`, name])),
    ...fitted.ordinals.map(({ name }): Named => [name, name]),
    ...fitted.targets.flatMap(({ name, classes }) => encodingNames(name, classes)),
  ]
  const pairs: readonly Named[] = [
    ...numbers,
    ...(fitted.scaling?.indicators ?? []).map((place): Named => [`${numbers[place]![1]} missing`, numbers[place]![1]]),
    ...fitted.hot.flatMap(({ name, levels, rare }) =>
      [...levels, ...(rare ? ['(rare)'] : [])].map((level): Named => [`${name}=${level}`, name]),
    ),
    ...fitted.numbered.map(({ name }): Named => [name, name]),
    ...fitted.texts.flatMap(({ name, tokens, terms }) =>
      terms.map((term): Named => [`${name}~${shownTerm(tokens, term)}`, name]),
    ),
  ]
  return { features: pairs.map(([feature]) => feature), sources: pairs.map(([, source]) => source) }
}

/** With several classes, the number of each. */
const encodingNames = (name: string, classes: readonly number[]): readonly Named[] =>
  classes.length < 2 ? [[`${name} target`, name]] : classes.map((number): Named => [`${name} target ${number}`, name])
