import type * as ory from '@ory/client-fetch'
import type * as ours from './index.ts'

// Checked by the compiler only: what we declare and what Ory's client declares can stand for each other.

/** A model and the one of the same name in Ory's client; the answers of errors differ (see the OpenAPI test). */
interface Models {
  AdminIdentityImportCredentialsLookupSecret: [
    ours.AdminIdentityImportCredentialsLookupSecret,
    ory.AdminIdentityImportCredentialsLookupSecret,
  ]
  AdminIdentityImportCredentialsLookupSecretConfig: [
    ours.AdminIdentityImportCredentialsLookupSecretConfig,
    ory.AdminIdentityImportCredentialsLookupSecretConfig,
  ]
  BatchCheckPermissionBody: [ours.BatchCheckPermissionBody, ory.BatchCheckPermissionBody]
  BatchCheckPermissionResult: [ours.BatchCheckPermissionResult, ory.BatchCheckPermissionResult]
  CheckOplSyntaxResult: [ours.CheckOplSyntaxResult, ory.CheckOplSyntaxResult]
  CheckPermissionResult: [ours.CheckPermissionResult, ory.CheckPermissionResult]
  CheckPermissionResultWithError: [ours.CheckPermissionResultWithError, ory.CheckPermissionResultWithError]
  CreateRelationshipBody: [ours.CreateRelationshipBody, ory.CreateRelationshipBody]
  ErrorOAuth2: [ours.ErrorOAuth2, ory.ErrorOAuth2]
  ExpandedPermissionTree: [ours.ExpandedPermissionTree, ory.ExpandedPermissionTree]
  AcceptDeviceUserCodeRequest: [ours.AcceptDeviceUserCodeRequest, ory.AcceptDeviceUserCodeRequest]
  AcceptOAuth2ConsentRequest: [ours.AcceptOAuth2ConsentRequest, ory.AcceptOAuth2ConsentRequest]
  AcceptOAuth2ConsentRequestSession: [ours.AcceptOAuth2ConsentRequestSession, ory.AcceptOAuth2ConsentRequestSession]
  AcceptOAuth2LoginRequest: [ours.AcceptOAuth2LoginRequest, ory.AcceptOAuth2LoginRequest]
  CreateJsonWebKeySet: [ours.CreateJsonWebKeySet, ory.CreateJsonWebKeySet]
  CreateVerifiableCredentialRequestBody: [
    ours.CreateVerifiableCredentialRequestBody,
    ory.CreateVerifiableCredentialRequestBody,
  ]
  DeviceAuthorization: [ours.DeviceAuthorization, ory.DeviceAuthorization]
  IntrospectedOAuth2Token: [ours.IntrospectedOAuth2Token, ory.IntrospectedOAuth2Token]
  OAuth2ClientTokenLifespans: [ours.OAuth2ClientTokenLifespans, ory.OAuth2ClientTokenLifespans]
  OAuth2ConsentRequest: [ours.OAuth2ConsentRequest, ory.OAuth2ConsentRequest]
  OAuth2ConsentSession: [ours.OAuth2ConsentSession, ory.OAuth2ConsentSession]
  OAuth2LogoutRequest: [ours.OAuth2LogoutRequest, ory.OAuth2LogoutRequest]
  OAuth2RedirectTo: [ours.OAuth2RedirectTo, ory.OAuth2RedirectTo]
  OAuth2TokenExchange: [ours.OAuth2TokenExchange, ory.OAuth2TokenExchange]
  OidcConfiguration: [ours.OidcConfiguration, ory.OidcConfiguration]
  RejectOAuth2Request: [ours.RejectOAuth2Request, ory.RejectOAuth2Request]
  TrustOAuth2JwtGrantIssuer: [ours.TrustOAuth2JwtGrantIssuer, ory.TrustOAuth2JwtGrantIssuer]
  TrustedOAuth2JwtGrantIssuer: [ours.TrustedOAuth2JwtGrantIssuer, ory.TrustedOAuth2JwtGrantIssuer]
  VerifiableCredentialProof: [ours.VerifiableCredentialProof, ory.VerifiableCredentialProof]
  Relationship: [ours.Relationship, ory.Relationship]
  RelationshipNamespaces: [ours.RelationshipNamespaces, ory.RelationshipNamespaces]
  RelationshipPatch: [ours.RelationshipPatch, ory.RelationshipPatch]
  Relationships: [ours.Relationships, ory.Relationships]
  SubjectSet: [ours.SubjectSet, ory.SubjectSet]
  UserVerification: [ours.UserVerification, ory.UserVerification]
  AuthenticatorAssuranceLevel: [ours.AuthenticatorAssuranceLevel, ory.AuthenticatorAssuranceLevel]
  BatchPatchIdentitiesResponse: [ours.BatchPatchIdentitiesResponse, ory.BatchPatchIdentitiesResponse]
  ContinueWith: [ours.ContinueWith, ory.ContinueWith]
  ContinueWithDeviceAuthnPinEntryUi: [ours.ContinueWithDeviceAuthnPinEntryUi, ory.ContinueWithDeviceAuthnPinEntryUi]
  ContinueWithDeviceAuthnPinEntryUiData: [
    ours.ContinueWithDeviceAuthnPinEntryUiData,
    ory.ContinueWithDeviceAuthnPinEntryUiData,
  ]
  ContinueWithRecoveryUi: [ours.ContinueWithRecoveryUi, ory.ContinueWithRecoveryUi]
  ContinueWithRecoveryUiFlow: [ours.ContinueWithRecoveryUiFlow, ory.ContinueWithRecoveryUiFlow]
  ContinueWithRedirectBrowserTo: [ours.ContinueWithRedirectBrowserTo, ory.ContinueWithRedirectBrowserTo]
  ContinueWithSetOrySessionToken: [ours.ContinueWithSetOrySessionToken, ory.ContinueWithSetOrySessionToken]
  ContinueWithSettingsUi: [ours.ContinueWithSettingsUi, ory.ContinueWithSettingsUi]
  ContinueWithSettingsUiFlow: [ours.ContinueWithSettingsUiFlow, ory.ContinueWithSettingsUiFlow]
  ContinueWithVerificationUi: [ours.ContinueWithVerificationUi, ory.ContinueWithVerificationUi]
  ContinueWithVerificationUiFlow: [ours.ContinueWithVerificationUiFlow, ory.ContinueWithVerificationUiFlow]
  CourierMessageStatus: [ours.CourierMessageStatus, ory.CourierMessageStatus]
  CourierMessageType: [ours.CourierMessageType, ory.CourierMessageType]
  CreateIdentityBody: [ours.CreateIdentityBody, ory.CreateIdentityBody]
  CreateRecoveryCodeForIdentityBody: [ours.CreateRecoveryCodeForIdentityBody, ory.CreateRecoveryCodeForIdentityBody]
  CreateRecoveryLinkForIdentityBody: [ours.CreateRecoveryLinkForIdentityBody, ory.CreateRecoveryLinkForIdentityBody]
  DeleteMySessionsCount: [ours.DeleteMySessionsCount, ory.DeleteMySessionsCount]
  FlowError: [ours.FlowError, ory.FlowError]
  Identity: [ours.Identity, ory.Identity]
  IdentityCredentials: [ours.IdentityCredentials, ory.IdentityCredentials]
  IdentityCredentialsLookupSecretCode: [
    ours.IdentityCredentialsLookupSecretCode,
    ory.IdentityCredentialsLookupSecretCode,
  ]
  IdentityCredentialsWebAuthn: [ours.IdentityCredentialsWebAuthn, ory.IdentityCredentialsWebAuthn]
  IdentityCredentialsWebAuthnAttestation: [
    ours.IdentityCredentialsWebAuthnAttestation,
    ory.IdentityCredentialsWebAuthnAttestation,
  ]
  IdentityCredentialsWebAuthnAuthenticator: [
    ours.IdentityCredentialsWebAuthnAuthenticator,
    ory.IdentityCredentialsWebAuthnAuthenticator,
  ]
  IdentityCredentialsWebAuthnFlags: [ours.IdentityCredentialsWebAuthnFlags, ory.IdentityCredentialsWebAuthnFlags]
  IdentityPatch: [ours.IdentityPatch, ory.IdentityPatch]
  IdentityPatchResponse: [ours.IdentityPatchResponse, ory.IdentityPatchResponse]
  IdentitySchemaContainer: [ours.IdentitySchemaContainer, ory.IdentitySchemaContainer]
  IdentityWithCredentials: [ours.IdentityWithCredentials, ory.IdentityWithCredentials]
  IdentityWithCredentialsOidc: [ours.IdentityWithCredentialsOidc, ory.IdentityWithCredentialsOidc]
  IdentityWithCredentialsOidcConfig: [ours.IdentityWithCredentialsOidcConfig, ory.IdentityWithCredentialsOidcConfig]
  IdentityWithCredentialsOidcConfigProvider: [
    ours.IdentityWithCredentialsOidcConfigProvider,
    ory.IdentityWithCredentialsOidcConfigProvider,
  ]
  IdentityWithCredentialsPasskey: [ours.IdentityWithCredentialsPasskey, ory.IdentityWithCredentialsPasskey]
  IdentityWithCredentialsPasskeyConfig: [
    ours.IdentityWithCredentialsPasskeyConfig,
    ory.IdentityWithCredentialsPasskeyConfig,
  ]
  IdentityWithCredentialsPassword: [ours.IdentityWithCredentialsPassword, ory.IdentityWithCredentialsPassword]
  IdentityWithCredentialsPasswordConfig: [
    ours.IdentityWithCredentialsPasswordConfig,
    ory.IdentityWithCredentialsPasswordConfig,
  ]
  IdentityWithCredentialsSaml: [ours.IdentityWithCredentialsSaml, ory.IdentityWithCredentialsSaml]
  IdentityWithCredentialsSamlConfig: [ours.IdentityWithCredentialsSamlConfig, ory.IdentityWithCredentialsSamlConfig]
  IdentityWithCredentialsSamlConfigProvider: [
    ours.IdentityWithCredentialsSamlConfigProvider,
    ory.IdentityWithCredentialsSamlConfigProvider,
  ]
  IdentityWithCredentialsTotp: [ours.IdentityWithCredentialsTotp, ory.IdentityWithCredentialsTotp]
  IdentityWithCredentialsTotpConfig: [ours.IdentityWithCredentialsTotpConfig, ory.IdentityWithCredentialsTotpConfig]
  IdentityWithCredentialsWebAuthn: [ours.IdentityWithCredentialsWebAuthn, ory.IdentityWithCredentialsWebAuthn]
  IdentityWithCredentialsWebAuthnConfig: [
    ours.IdentityWithCredentialsWebAuthnConfig,
    ory.IdentityWithCredentialsWebAuthnConfig,
  ]
  JsonPatch: [ours.JsonPatch, ory.JsonPatch]
  JsonWebKey: [ours.JsonWebKey, ory.JsonWebKey]
  JsonWebKeySet: [ours.JsonWebKeySet, ory.JsonWebKeySet]
  LoginFlow: [ours.LoginFlow, ory.LoginFlow]
  LoginFlowState: [ours.LoginFlowState, ory.LoginFlowState]
  LogoutFlow: [ours.LogoutFlow, ory.LogoutFlow]
  Message: [ours.Message, ory.Message]
  MessageDispatch: [ours.MessageDispatch, ory.MessageDispatch]
  OAuth2Client: [ours.OAuth2Client, ory.OAuth2Client]
  OAuth2ConsentRequestOpenIDConnectContext: [
    ours.OAuth2ConsentRequestOpenIDConnectContext,
    ory.OAuth2ConsentRequestOpenIDConnectContext,
  ]
  OAuth2LoginRequest: [ours.OAuth2LoginRequest, ory.OAuth2LoginRequest]
  PatchIdentitiesBody: [ours.PatchIdentitiesBody, ory.PatchIdentitiesBody]
  PerformNativeLogoutBody: [ours.PerformNativeLogoutBody, ory.PerformNativeLogoutBody]
  RecoveryCodeForIdentity: [ours.RecoveryCodeForIdentity, ory.RecoveryCodeForIdentity]
  RecoveryFlow: [ours.RecoveryFlow, ory.RecoveryFlow]
  RecoveryFlowState: [ours.RecoveryFlowState, ory.RecoveryFlowState]
  RecoveryIdentityAddress: [ours.RecoveryIdentityAddress, ory.RecoveryIdentityAddress]
  RecoveryLinkForIdentity: [ours.RecoveryLinkForIdentity, ory.RecoveryLinkForIdentity]
  RegistrationFlow: [ours.RegistrationFlow, ory.RegistrationFlow]
  RegistrationFlowState: [ours.RegistrationFlowState, ory.RegistrationFlowState]
  Session: [ours.Session, ory.Session]
  SessionAuthenticationMethod: [ours.SessionAuthenticationMethod, ory.SessionAuthenticationMethod]
  SessionDevice: [ours.SessionDevice, ory.SessionDevice]
  SettingsFlow: [ours.SettingsFlow, ory.SettingsFlow]
  SettingsFlowState: [ours.SettingsFlowState, ory.SettingsFlowState]
  SuccessfulNativeLogin: [ours.SuccessfulNativeLogin, ory.SuccessfulNativeLogin]
  SuccessfulNativeRegistration: [ours.SuccessfulNativeRegistration, ory.SuccessfulNativeRegistration]
  UiContainer: [ours.UiContainer, ory.UiContainer]
  UiNode: [ours.UiNode, ory.UiNode]
  UiNodeAnchorAttributes: [ours.UiNodeAnchorAttributes, ory.UiNodeAnchorAttributes]
  UiNodeAttributes: [ours.UiNodeAttributes, ory.UiNodeAttributes]
  UiNodeDivisionAttributes: [ours.UiNodeDivisionAttributes, ory.UiNodeDivisionAttributes]
  UiNodeImageAttributes: [ours.UiNodeImageAttributes, ory.UiNodeImageAttributes]
  UiNodeInputAttributes: [ours.UiNodeInputAttributes, ory.UiNodeInputAttributes]
  UiNodeInputAttributesOption: [ours.UiNodeInputAttributesOption, ory.UiNodeInputAttributesOption]
  UiNodeMeta: [ours.UiNodeMeta, ory.UiNodeMeta]
  UiNodeScriptAttributes: [ours.UiNodeScriptAttributes, ory.UiNodeScriptAttributes]
  UiNodeTextAttributes: [ours.UiNodeTextAttributes, ory.UiNodeTextAttributes]
  UiText: [ours.UiText, ory.UiText]
  UpdateIdentityBody: [ours.UpdateIdentityBody, ory.UpdateIdentityBody]
  UpdateLoginFlowBody: [ours.UpdateLoginFlowBody, ory.UpdateLoginFlowBody]
  UpdateRecoveryFlowBody: [ours.UpdateRecoveryFlowBody, ory.UpdateRecoveryFlowBody]
  UpdateRegistrationFlowBody: [ours.UpdateRegistrationFlowBody, ory.UpdateRegistrationFlowBody]
  UpdateSettingsFlowBody: [ours.UpdateSettingsFlowBody, ory.UpdateSettingsFlowBody]
  UpdateSettingsFlowWithDeviceAuthnMethodRegister: [
    ours.UpdateSettingsFlowWithDeviceAuthnMethodRegister,
    ory.UpdateSettingsFlowWithDeviceAuthnMethodRegister,
  ]
  UpdateSettingsFlowWithDeviceAuthnMethodRotateSecret: [
    ours.UpdateSettingsFlowWithDeviceAuthnMethodRotateSecret,
    ory.UpdateSettingsFlowWithDeviceAuthnMethodRotateSecret,
  ]
  UpdateVerificationFlowBody: [ours.UpdateVerificationFlowBody, ory.UpdateVerificationFlowBody]
  VerifiableIdentityAddress: [ours.VerifiableIdentityAddress, ory.VerifiableIdentityAddress]
  VerificationFlow: [ours.VerificationFlow, ory.VerificationFlow]
  VerificationFlowState: [ours.VerificationFlowState, ory.VerificationFlowState]
}

/** Bodies whose method is one word here and any text there. */
interface MethodBodies {
  UpdateLoginFlowWithCodeMethod: [ours.UpdateLoginFlowWithCodeMethod, ory.UpdateLoginFlowWithCodeMethod]
  UpdateLoginFlowWithDeviceAuthnMethod: [
    ours.UpdateLoginFlowWithDeviceAuthnMethod,
    ory.UpdateLoginFlowWithDeviceAuthnMethod,
  ]
  UpdateLoginFlowWithIdentifierFirstMethod: [
    ours.UpdateLoginFlowWithIdentifierFirstMethod,
    ory.UpdateLoginFlowWithIdentifierFirstMethod,
  ]
  UpdateLoginFlowWithLookupSecretMethod: [
    ours.UpdateLoginFlowWithLookupSecretMethod,
    ory.UpdateLoginFlowWithLookupSecretMethod,
  ]
  UpdateLoginFlowWithOidcMethod: [ours.UpdateLoginFlowWithOidcMethod, ory.UpdateLoginFlowWithOidcMethod]
  UpdateLoginFlowWithPasskeyMethod: [ours.UpdateLoginFlowWithPasskeyMethod, ory.UpdateLoginFlowWithPasskeyMethod]
  UpdateLoginFlowWithPasswordMethod: [ours.UpdateLoginFlowWithPasswordMethod, ory.UpdateLoginFlowWithPasswordMethod]
  UpdateLoginFlowWithSamlMethod: [ours.UpdateLoginFlowWithSamlMethod, ory.UpdateLoginFlowWithSamlMethod]
  UpdateLoginFlowWithTotpMethod: [ours.UpdateLoginFlowWithTotpMethod, ory.UpdateLoginFlowWithTotpMethod]
  UpdateLoginFlowWithWebAuthnMethod: [ours.UpdateLoginFlowWithWebAuthnMethod, ory.UpdateLoginFlowWithWebAuthnMethod]
  UpdateRecoveryFlowWithCodeMethod: [ours.UpdateRecoveryFlowWithCodeMethod, ory.UpdateRecoveryFlowWithCodeMethod]
  UpdateRecoveryFlowWithLinkMethod: [ours.UpdateRecoveryFlowWithLinkMethod, ory.UpdateRecoveryFlowWithLinkMethod]
  UpdateRegistrationFlowWithCodeMethod: [
    ours.UpdateRegistrationFlowWithCodeMethod,
    ory.UpdateRegistrationFlowWithCodeMethod,
  ]
  UpdateRegistrationFlowWithOidcMethod: [
    ours.UpdateRegistrationFlowWithOidcMethod,
    ory.UpdateRegistrationFlowWithOidcMethod,
  ]
  UpdateRegistrationFlowWithPasskeyMethod: [
    ours.UpdateRegistrationFlowWithPasskeyMethod,
    ory.UpdateRegistrationFlowWithPasskeyMethod,
  ]
  UpdateRegistrationFlowWithPasswordMethod: [
    ours.UpdateRegistrationFlowWithPasswordMethod,
    ory.UpdateRegistrationFlowWithPasswordMethod,
  ]
  UpdateRegistrationFlowWithProfileMethod: [
    ours.UpdateRegistrationFlowWithProfileMethod,
    ory.UpdateRegistrationFlowWithProfileMethod,
  ]
  UpdateRegistrationFlowWithSamlMethod: [
    ours.UpdateRegistrationFlowWithSamlMethod,
    ory.UpdateRegistrationFlowWithSamlMethod,
  ]
  UpdateRegistrationFlowWithWebAuthnMethod: [
    ours.UpdateRegistrationFlowWithWebAuthnMethod,
    ory.UpdateRegistrationFlowWithWebAuthnMethod,
  ]
  UpdateSettingsFlowWithDeviceAuthnMethod: [
    ours.UpdateSettingsFlowWithDeviceAuthnMethod,
    ory.UpdateSettingsFlowWithDeviceAuthnMethod,
  ]
  UpdateSettingsFlowWithLookupMethod: [ours.UpdateSettingsFlowWithLookupMethod, ory.UpdateSettingsFlowWithLookupMethod]
  UpdateSettingsFlowWithOidcMethod: [ours.UpdateSettingsFlowWithOidcMethod, ory.UpdateSettingsFlowWithOidcMethod]
  UpdateSettingsFlowWithPasskeyMethod: [
    ours.UpdateSettingsFlowWithPasskeyMethod,
    ory.UpdateSettingsFlowWithPasskeyMethod,
  ]
  UpdateSettingsFlowWithPasswordMethod: [
    ours.UpdateSettingsFlowWithPasswordMethod,
    ory.UpdateSettingsFlowWithPasswordMethod,
  ]
  UpdateSettingsFlowWithProfileMethod: [
    ours.UpdateSettingsFlowWithProfileMethod,
    ory.UpdateSettingsFlowWithProfileMethod,
  ]
  UpdateSettingsFlowWithSamlMethod: [ours.UpdateSettingsFlowWithSamlMethod, ory.UpdateSettingsFlowWithSamlMethod]
  UpdateSettingsFlowWithTotpMethod: [ours.UpdateSettingsFlowWithTotpMethod, ory.UpdateSettingsFlowWithTotpMethod]
  UpdateSettingsFlowWithWebAuthnMethod: [
    ours.UpdateSettingsFlowWithWebAuthnMethod,
    ory.UpdateSettingsFlowWithWebAuthnMethod,
  ]
  UpdateVerificationFlowWithCodeMethod: [
    ours.UpdateVerificationFlowWithCodeMethod,
    ory.UpdateVerificationFlowWithCodeMethod,
  ]
  UpdateVerificationFlowWithLinkMethod: [
    ours.UpdateVerificationFlowWithLinkMethod,
    ory.UpdateVerificationFlowWithLinkMethod,
  ]
}

type OryApi = ory.IdentityApi &
  ory.FrontendApi &
  ory.CourierApi &
  ory.ElementsApi &
  ory.MetadataApi &
  ory.JwkApi &
  ory.OAuth2Api &
  ory.OidcApi &
  ory.PermissionApi &
  ory.RelationshipApi &
  ory.WellknownApi
type SharedId = ours.OperationId & keyof OryApi

/** What succeeds with a redirect only is left out: for it their client returns the error that their document declares. */
type Outputs = {
  [Id in SharedId as [ours.Output<ours.Api[Id]>] extends [never] ? never : Id]: [
    ours.Output<ours.Api[Id]>,
    Exclude<Awaited<ReturnType<OryApi[Id]>>, null>,
  ]
}
type Bodies = { [Id in SharedId]: [Id extends SpreadForm ? undefined : OurBody<Id>, BodyOf<Request<Id>>] }
type Parameters = {
  [Id in SharedId]: [
    ParametersOf<ours.Input<ours.Api[Id]>> & (Id extends SpreadForm ? Camel<OurBody<Id>> : unknown),
    Omit<Request<Id>, BodyKey>,
  ]
}
type OurBody<Id extends SharedId> = ours.Input<ours.Api[Id]>['body']
/** Forms whose fields are parameters of their client, beside those of path and query. */
type SpreadForm = {
  [Id in SharedId]: ours.Api[Id] extends { form: true } ? (BodyOf<Request<Id>> extends undefined ? Id : never) : never
}[SharedId]

nothing<Differing<Models>>()
nothing<Differing<{ [Name in keyof MethodBodies]: [Told<MethodBodies[Name][0]>, Told<MethodBodies[Name][1]>] }>>()
nothing<Differing<Outputs>>()
nothing<Differing<Bodies>>()
nothing<Differing<Parameters>>()
/** What Ory's package has no operation for. */
type OwnId =
  | 'isAlive'
  | 'isReady'
  | 'getRelatedOrigins'
  | 'explainPermission'
  | 'explainFlow'
  | 'impersonateIdentity'
  | 'registerBoundSession'
  | 'refreshBoundSession'
  | 'getBoundSessionOrigins'
  | 'mergeIdentities'
  | 'undoIdentityMerge'
  | 'getProofOfWorkJavaScript'
  | 'getCaptchaJavaScript'
  | 'listPermissionObjects'
  | 'listPermissionSubjects'
  | 'listPermissionChanges'
  | 'watchPermissionChanges'
  | 'pushAuthorizationRequest'
nothing<Exclude<ours.OperationId, SharedId | OwnId>>()

/** Does not compile where something differs; the compiler then names it. */
declare function nothing<T extends never>(): T

type Differing<Pairs> = {
  [Name in keyof Pairs]: Pairs[Name] extends [infer Ours, infer Theirs]
    ? [Wire<Ours>, Wire<Theirs>] extends [Wire<Theirs>, Wire<Ours>]
      ? never
      : Name
    : Name
}[keyof Pairs]

/** What goes over the wire: times are text, open values are anything, and generators' extra words are left out. */
type Wire<T> = unknown extends T
  ? // biome-ignore lint/suspicious/noExplicitAny: an open value has to fit both ways
    any
  : T extends Date
    ? string
    : T extends '11184809'
      ? never
      : T extends void
        ? undefined
        : T extends string | number | boolean | null | undefined
          ? T
          : T extends readonly (infer Item)[]
            ? Wire<Item>[]
            : keyof T extends never
              ? Record<string, unknown>
              : { [Key in keyof T]: Wire<T[Key]> }

type Told<T> = Omit<T, 'method'>

type Request<Id extends SharedId> = OryApi[Id] extends (request: infer R, ...rest: never[]) => unknown
  ? Exclude<R, undefined>
  : never
type BodyKey = `${string}Body` | 'body' | Uncapitalize<keyof Models>
type BodyOf<R> = { [Key in keyof R as Key extends BodyKey ? Key : never]-?: Exclude<R[Key], undefined> } extends infer B
  ? keyof B extends never
    ? undefined
    : B[keyof B]
  : never

type ParametersOf<I> = I extends { params: infer P; query: infer Q; headers: infer H }
  ? Named<Camel<P> & Camel<Q> & Camel<H>>
  : never
type Named<T> = { [Key in keyof T as string extends Key ? never : Key]: T[Key] }
type Camel<T> = { [Key in keyof T as string extends Key ? never : CamelCase<Key & string>]: T[Key] }
type CamelCase<Name extends string> = Name extends `${infer Head}${'_' | '-' | '.'}${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest>>}`
  : Name
