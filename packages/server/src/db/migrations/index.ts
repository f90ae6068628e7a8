import type { Migration } from 'kysely'
import type { Capabilities } from '../../kernel/context.ts'
import { foundation } from './0001_foundation.ts'
import { attempts } from './0002_attempts.ts'
import { relationTuples } from './0003_relation_tuples.ts'
import { relationTupleChanges } from './0004_relation_tuple_changes.ts'
import { tupleNamesInByteOrder } from './0005_tuple_names_in_byte_order.ts'
import { events } from './0006_events.ts'
import { projectConfigs } from './0007_project_configs.ts'
import { derivedLogoutTokens } from './0008_derived_logout_tokens.ts'
import { comparableAddresses } from './0009_comparable_addresses.ts'
import { spentChallenges } from './0010_spent_challenges.ts'
import { authorizationRequests } from './0011_authorization_requests.ts'
import { flowSteps } from './0012_flow_steps.ts'
import { pendingChanges } from './0013_pending_changes.ts'
import { identityMerges } from './0014_identity_merges.ts'
import { actingSessions } from './0015_acting_sessions.ts'
import { boundSessions } from './0016_bound_sessions.ts'
import { knownDevices } from './0017_known_devices.ts'
import { jsonWebKeys } from './0018_json_web_keys.ts'
import { trustedIssuers } from './0019_trusted_issuers.ts'
import { oauth2 } from './0020_oauth2.ts'
import { pushedRequests } from './0021_pushed_requests.ts'

/** Every migration by name, applied in order of name and never changed after its release. */
export function migrations(capabilities: Capabilities): Record<string, Migration> {
  return {
    '0001_foundation': foundation(capabilities),
    '0002_attempts': attempts(capabilities),
    '0003_relation_tuples': relationTuples(capabilities),
    '0004_relation_tuple_changes': relationTupleChanges(capabilities),
    '0005_tuple_names_in_byte_order': tupleNamesInByteOrder(capabilities),
    '0006_events': events(capabilities),
    '0007_project_configs': projectConfigs(capabilities),
    '0008_derived_logout_tokens': derivedLogoutTokens(capabilities),
    '0009_comparable_addresses': comparableAddresses(capabilities),
    '0010_spent_challenges': spentChallenges(capabilities),
    '0011_authorization_requests': authorizationRequests(capabilities),
    '0012_flow_steps': flowSteps(),
    '0013_pending_changes': pendingChanges(capabilities),
    '0014_identity_merges': identityMerges(capabilities),
    '0015_acting_sessions': actingSessions(),
    '0016_bound_sessions': boundSessions(),
    '0017_known_devices': knownDevices(capabilities),
    '0018_json_web_keys': jsonWebKeys(capabilities),
    '0019_trusted_issuers': trustedIssuers(capabilities),
    '0020_oauth2': oauth2(capabilities),
    '0021_pushed_requests': pushedRequests(capabilities),
  }
}
