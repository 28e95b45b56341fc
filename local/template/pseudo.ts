import { account, region } from '../service.ts'
import { noValue } from './intrinsics.ts'

/** Pseudo parameters. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
export const pseudoParameters = (stack: string): Readonly<Record<string, unknown>> => ({
  'AWS::AccountId': account,
  'AWS::NoValue': noValue,
  'AWS::NotificationARNs': [],
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stack}/local`,
  'AWS::StackName': stack,
  'AWS::URLSuffix': 'amazonaws.com',
})
