/** A refusal of the service with what the command line knows better: message and next step; all else is its cause's. */
export class Refused extends Error {
  readonly hint: string

  constructor(message: string, hint: string, cause: unknown) {
    super(message, { cause })
    this.name = 'Refused'
    this.hint = hint
  }
}
