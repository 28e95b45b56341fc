import type { CountedText } from './column-texts.ts'

/** Scales whose words say their order, from the lowest to the highest. */
const scales: readonly (readonly string[])[] = [
  ['very low', 'low', 'medium', 'high', 'very high'],
  ['very low', 'low', 'moderate', 'high', 'very high'],
  ['low', 'mid', 'high'],
  ['xxs', 'xs', 's', 'm', 'l', 'xl', 'xxl', 'xxxl'],
  ['very small', 'small', 'medium', 'large', 'very large'],
  ['very poor', 'poor', 'fair', 'good', 'very good', 'excellent'],
  ['very bad', 'bad', 'average', 'good', 'very good'],
  ['never', 'rarely', 'sometimes', 'often', 'always'],
  ['strongly disagree', 'disagree', 'neutral', 'agree', 'strongly agree'],
  ['very dissatisfied', 'dissatisfied', 'neutral', 'satisfied', 'very satisfied'],
  ['none', 'mild', 'moderate', 'severe'],
  ['beginner', 'intermediate', 'advanced', 'expert'],
]

/** Two words of a scale may be two groups. */
const leastLevels = 3

/** The scale that all texts are of, whatever their case; undefined when there is none. */
export const scaleOf = (texts: readonly CountedText[]): readonly string[] | undefined => {
  const words = new Set(texts.map(({ text }) => text.toLowerCase()))
  if (words.size < leastLevels) return undefined
  return scales.find((scale) => words.isSubsetOf(new Set(scale)))
}
