import Type, { type Static } from 'typebox'
import { GenericError } from '../error-models.ts'
import { CredentialType } from '../identity/credentials.ts'
import { Identity } from '../identity/models.ts'
import { OAuth2LoginRequest } from '../oauth2/models.ts'
import { AnyObject, DateTime, NullUuid, OneOf, Uuid } from '../schema.ts'
import { AuthenticatorAssuranceLevel, Session } from '../session/models.ts'
import { ContinueWith } from './continue-with.ts'
import { UiContainer } from './ui.ts'

/** The flows that people go through, by the name in their addresses. */
export const flowNames = ['login', 'registration', 'recovery', 'verification', 'settings'] as const
export type FlowName = (typeof flowNames)[number]

export type LoginFlowState = Static<typeof LoginFlowState>
export const LoginFlowState = OneOf(['choose_method', 'sent_email', 'passed_challenge'], { title: 'loginFlowState' })

export type RegistrationFlowState = Static<typeof RegistrationFlowState>
export const RegistrationFlowState = OneOf(['choose_method', 'sent_email', 'passed_challenge'], {
  title: 'registrationFlowState',
})

export type RecoveryFlowState = Static<typeof RecoveryFlowState>
export const RecoveryFlowState = OneOf(['choose_method', 'sent_email', 'passed_challenge'], {
  title: 'recoveryFlowState',
})

/**
 * The states of a recovery in which an address is chosen before a code is sent
 * (`feature_flags.choose_recovery_address`). Kratos' document does not list them.
 */
export const addressChoiceStates = [
  'recovery_awaiting_address',
  'recovery_awaiting_address_choice',
  'recovery_confirming_address',
  'recovery_awaiting_code',
] as const
const AddressChoiceState = OneOf(addressChoiceStates)

export type VerificationFlowState = Static<typeof VerificationFlowState>
export const VerificationFlowState = OneOf(['choose_method', 'sent_email', 'passed_challenge'], {
  title: 'verificationFlowState',
})

export type SettingsFlowState = Static<typeof SettingsFlowState>
export const SettingsFlowState = OneOf(['show_form', 'success'], { title: 'settingsFlowState' })

export type SelfServiceFlowType = Static<typeof SelfServiceFlowType>
export const SelfServiceFlowType = Type.String({ title: 'selfServiceFlowType' })

export type ErrorBrowserLocationChangeRequired = Static<typeof ErrorBrowserLocationChangeRequired>
/** Where a script has to send the browser, since it cannot follow a redirect itself. */
export const ErrorBrowserLocationChangeRequired = Type.Object(
  { error: Type.Optional(GenericError), redirect_browser_to: Type.Optional(Type.String()) },
  { title: 'errorBrowserLocationChangeRequired' },
)

export type FlowError = Static<typeof FlowError>
export const FlowError = Type.Object(
  {
    id: Uuid,
    created_at: Type.Optional(DateTime),
    error: Type.Optional(AnyObject()),
    updated_at: Type.Optional(DateTime),
  },
  { title: 'flowError' },
)

export type LoginFlowTestStepError = Static<typeof LoginFlowTestStepError>
/** The step at which a test of a provider ended. */
export const LoginFlowTestStepError = Type.Object(
  {
    step: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String()),
    message: Type.Optional(Type.String()),
  },
  { title: 'loginFlowTestStepError' },
)

export type LoginFlowTestSchemaValidationError = Static<typeof LoginFlowTestSchemaValidationError>
export const LoginFlowTestSchemaValidationError = Type.Object(
  { path: Type.Optional(Type.String()), message: Type.Optional(Type.String()) },
  { title: 'loginFlowTestSchemaValidationError' },
)

export type LoginFlowTestDebugPayload = Static<typeof LoginFlowTestDebugPayload>
/** What a test of a provider has shown, without tokens. */
export const LoginFlowTestDebugPayload = Type.Object(
  {
    error: Type.Optional(LoginFlowTestStepError),
    id_token_claims: Type.Optional(AnyObject()),
    userinfo: Type.Optional(AnyObject()),
    jsonnet_mapper_url: Type.Optional(Type.String()),
    jsonnet_input: Type.Optional(AnyObject()),
    jsonnet_output: Type.Optional(AnyObject()),
    jsonnet_stderr: Type.Optional(Type.String()),
    schema_validation_errors: Type.Optional(Type.Array(LoginFlowTestSchemaValidationError)),
  },
  { title: 'loginFlowTestDebugPayload' },
)

export type LoginFlowTestContext = Static<typeof LoginFlowTestContext>
export const LoginFlowTestContext = Type.Object(
  { provider_id: Type.String(), debug_payload: Type.Optional(LoginFlowTestDebugPayload) },
  { title: 'loginFlowTestContext' },
)

export type LoginFlow = Static<typeof LoginFlow>
export const LoginFlow = Type.Object(
  {
    id: Uuid,
    type: SelfServiceFlowType,
    expires_at: DateTime,
    issued_at: DateTime,
    request_url: Type.String(),
    ui: UiContainer,
    state: LoginFlowState,
    active: Type.Optional(CredentialType),
    created_at: Type.Optional(DateTime),
    identity_schema: Type.Optional(Type.String()),
    oauth2_login_challenge: Type.Optional(Type.String()),
    oauth2_login_request: Type.Optional(OAuth2LoginRequest),
    organization_id: Type.Optional(NullUuid),
    refresh: Type.Optional(Type.Boolean()),
    requested_aal: Type.Optional(AuthenticatorAssuranceLevel),
    return_to: Type.Optional(Type.String()),
    session_token_exchange_code: Type.Optional(Type.String()),
    test_context: Type.Optional(LoginFlowTestContext),
    transient_payload: Type.Optional(AnyObject()),
    updated_at: Type.Optional(DateTime),
  },
  { title: 'loginFlow' },
)

export type LogoutFlow = Static<typeof LogoutFlow>
export const LogoutFlow = Type.Object(
  { logout_url: Type.String(), logout_token: Type.String() },
  { title: 'logoutFlow' },
)

export type PerformNativeLogoutBody = Static<typeof PerformNativeLogoutBody>
export const PerformNativeLogoutBody = Type.Object(
  { session_token: Type.String() },
  { title: 'performNativeLogoutBody' },
)

export type RecoveryFlow = Static<typeof RecoveryFlow>
export const RecoveryFlow = Type.Object(
  {
    id: Uuid,
    type: SelfServiceFlowType,
    expires_at: DateTime,
    issued_at: DateTime,
    request_url: Type.String(),
    ui: UiContainer,
    state: Type.Union([RecoveryFlowState, AddressChoiceState]),
    active: Type.Optional(Type.String()),
    continue_with: Type.Optional(Type.Array(ContinueWith)),
    return_to: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'recoveryFlow' },
)

export type RegistrationFlow = Static<typeof RegistrationFlow>
export const RegistrationFlow = Type.Object(
  {
    id: Uuid,
    type: SelfServiceFlowType,
    expires_at: DateTime,
    issued_at: DateTime,
    request_url: Type.String(),
    ui: UiContainer,
    state: RegistrationFlowState,
    active: Type.Optional(CredentialType),
    identity_schema: Type.Optional(Type.String()),
    oauth2_login_challenge: Type.Optional(Type.String()),
    oauth2_login_request: Type.Optional(OAuth2LoginRequest),
    organization_id: Type.Optional(NullUuid),
    return_to: Type.Optional(Type.String()),
    session_token_exchange_code: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'registrationFlow' },
)

export type SettingsFlow = Static<typeof SettingsFlow>
export const SettingsFlow = Type.Object(
  {
    id: Uuid,
    type: SelfServiceFlowType,
    expires_at: DateTime,
    issued_at: DateTime,
    request_url: Type.String(),
    ui: UiContainer,
    identity: Identity,
    state: SettingsFlowState,
    active: Type.Optional(Type.String()),
    continue_with: Type.Optional(Type.Array(ContinueWith)),
    organization_id: Type.Optional(NullUuid),
    return_to: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'settingsFlow' },
)

export type SuccessfulNativeLogin = Static<typeof SuccessfulNativeLogin>
export const SuccessfulNativeLogin = Type.Object(
  {
    session: Session,
    continue_with: Type.Optional(Type.Array(ContinueWith)),
    session_token: Type.Optional(Type.String()),
  },
  { title: 'successfulNativeLogin' },
)

export type SuccessfulNativeRegistration = Static<typeof SuccessfulNativeRegistration>
export const SuccessfulNativeRegistration = Type.Object(
  {
    identity: Identity,
    continue_with: Type.Optional(Type.Array(ContinueWith)),
    session: Type.Optional(Session),
    session_token: Type.Optional(Type.String()),
  },
  { title: 'successfulNativeRegistration' },
)

export type VerificationFlow = Static<typeof VerificationFlow>
export const VerificationFlow = Type.Object(
  {
    id: Uuid,
    type: SelfServiceFlowType,
    ui: UiContainer,
    state: VerificationFlowState,
    active: Type.Optional(Type.String()),
    expires_at: Type.Optional(DateTime),
    issued_at: Type.Optional(DateTime),
    request_url: Type.Optional(Type.String()),
    return_to: Type.Optional(Type.String()),
    transient_payload: Type.Optional(AnyObject()),
  },
  { title: 'verificationFlow' },
)
