export { described, listedVersion, named, primaryRegionOf, seconds, shownReplica, shownValue } from './answers.ts';
export { arnOf, fitsArn, isReplicaRegion, nameIn, projectIn, readArn, regionIn, regionOf, replicaArn } from './arn.ts';
export { awsValue, type Call, type Operation, operationNames, type Request, readCall, valueIn } from './calls.ts';
export { type AwsError, errorOf, errors, lowerCamel } from './errors.ts';
export {
  type Answer,
  type AwsEvent,
  type AwsEventDetail,
  eventOfCall,
  eventOfService,
  type ServiceEvent,
} from './events.ts';
export { answerOf, readRequest, refusalOf } from './messages.ts';
export type {
  AwsSecret,
  Replica,
  RotationAttempt,
  RotationRules,
  RotationStep,
  SecretRotation,
  Tag,
} from './secret.ts';
