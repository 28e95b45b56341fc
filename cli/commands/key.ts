import { Command } from 'commander'
import { createKey, listKeys, type NewKey, revokeKey, rotateKey } from '../../client/billing.ts'
import { scopes } from '../../src/access/scope.ts'
import { clientOf, confirm, note, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { wrongUsage } from '../failure.ts'
import { warnOfUnknownModels } from '../grants.ts'
import { type LimitOptions, limitsOf, limitsText, withLimits } from '../limit-options.ts'
import { table } from '../table.ts'
import { gather } from '../values.ts'

const ownerId = 'owner'

type Options = LimitOptions & {
  readonly owner?: boolean
  readonly name?: string
  readonly grant?: readonly string[]
  readonly scope?: readonly string[]
  readonly from?: readonly string[]
  readonly limit?: string
  readonly expires?: string
  readonly registryTable?: string
  readonly keyArn?: string
}

const bodyOf = ({ name, grant, scope, from, limit, expires, ...others }: Options): NewKey => {
  const limits = limitsOf(others)
  return {
    ...(name !== undefined && { name }),
    ...(grant && { grants: grant }),
    ...(scope && { scopes: scope }),
    ...(from && { ipRanges: from }),
    ...(limits && { limits }),
    ...(limit !== undefined && { limit }),
    ...(expires !== undefined && { expires }),
  }
}

const create = (): Command =>
  withLimits(new Command('create'))
    .description('make a key; its secret is shown once')
    .argument('[consumer]', 'whose key; none with --owner')
    .option('--owner', "an owner's key, which may do everything")
    .option('--name <name>', 'what the key is for')
    .option('--grant <model>', 'narrow the key to this model (many times)', gather)
    .option('--scope <scope>', `narrow the key to one of ${scopes.join(', ')} (many times)`, gather)
    .option('--from <range>', 'narrow the key to callers from this CIDR range (many times)', gather)
    .option('--limit <amount>', 'the most that the key may spend in a month')
    .option('--expires <time>', 'such as 2027-01-31T00:00:00Z')
    .option('--registry-table <name>', "with --owner and AWS credentials: the Service stack's output RegistryTable")
    .option('--key-arn <arn>', "with --owner and AWS credentials: the Service stack's output KeyArn")
    .action(async (consumer: string | undefined, options: Options, command: Command) => {
      const { owner, name, registryTable, keyArn } = options
      if ((consumer === undefined) !== (owner === true))
        throw wrongUsage('expected a consumer, or --owner', 'percall key create acme; percall key create --owner')
      if ((registryTable === undefined) !== (keyArn === undefined))
        throw wrongUsage('expected --registry-table and --key-arn together')
      const key =
        owner && registryTable !== undefined && keyArn !== undefined
          ? await (await import('../../adapters/wiring/owner-key.ts')).makeOwnerKey({ registryTable, keyArn }, name)
          : await createKey(clientOf(command), consumer ?? ownerId, bodyOf(options))
      printResult(command, key, key.secret)
      note(`key ${key.id} of ${consumer ?? ownerId}; the secret is not shown again`)
      // The way with AWS credentials needs no service that answers yet, and narrows nothing.
      if (options.grant && registryTable === undefined) await warnOfUnknownModels(clientOf(command), options.grant)
    })

const list = (): Command =>
  new Command('list')
    .description('list the keys of a consumer')
    .argument('<consumer>')
    .action(async (consumer: string, _: object, command: Command) => {
      const client = clientOf(command)
      const keys = await everyPage('keys', (query) => listKeys(client, consumer, query))
      printResult(command, { keys }, () =>
        table(
          ['key', 'name', 'grants', 'scopes', 'limits', 'created', 'last used', 'expires', 'revoked'],
          keys.map(({ id, name, grants, scopes, limits, createdAt, lastUsed, expires, revoked }) => [
            id,
            name,
            grants?.join(', ') ?? 'all of the consumer',
            scopes?.join(', ') ?? 'all',
            limitsText(limits),
            createdAt,
            lastUsed,
            expires,
            revoked,
          ]),
        ),
      )
    })

const rotate = (): Command =>
  new Command('rotate')
    .description('give a key a successor; the old secret goes on for a while')
    .argument('<consumer>')
    .argument('<key>', 'its id')
    .option('--overlap <time>', 'how long the old secret goes on: 24h, 30m, 0s')
    .action(async (consumer: string, key: string, { overlap }: { overlap?: string }, command: Command) => {
      const made = await rotateKey(clientOf(command), consumer, key, overlap)
      printResult(command, made, made.secret)
      note(`key ${made.id} takes the place of ${key}, which ends at ${made.old.expires}; the secret is not shown again`)
    })

const revoke = (): Command =>
  new Command('revoke')
    .description('revoke a key for good; it stops working within a minute')
    .argument('<consumer>')
    .argument('<key>', 'its id')
    .action(async (consumer: string, key: string, _: object, command: Command) => {
      await confirm(command, `revoke key ${key} of ${consumer}?`)
      await revokeKey(clientOf(command), consumer, key)
      printResult(command, { id: key, revoked: true }, `${key}: revoked`)
    })

/** Keys of consumers and of the owner. */
export const keyCommand = (): Command => {
  const command = new Command('key').description('keys of consumers and of the owner')
  for (const inner of [create(), list(), rotate(), revoke()]) command.addCommand(inner)
  return command
}
