import Type, { type Static } from 'typebox'
import { Uuid } from '../schema.ts'

export type ContinueWithVerificationUiFlow = Static<typeof ContinueWithVerificationUiFlow>
export const ContinueWithVerificationUiFlow = Type.Object(
  { id: Uuid, verifiable_address: Type.String(), url: Type.Optional(Type.String()) },
  { title: 'continueWithVerificationUiFlow' },
)

export type ContinueWithVerificationUi = Static<typeof ContinueWithVerificationUi>
export const ContinueWithVerificationUi = Type.Object(
  { action: Type.Literal('show_verification_ui'), flow: ContinueWithVerificationUiFlow },
  { title: 'continueWithVerificationUi' },
)

export type ContinueWithSetOrySessionToken = Static<typeof ContinueWithSetOrySessionToken>
export const ContinueWithSetOrySessionToken = Type.Object(
  { action: Type.Literal('set_ory_session_token'), ory_session_token: Type.String() },
  { title: 'continueWithSetOrySessionToken' },
)

export type ContinueWithSettingsUiFlow = Static<typeof ContinueWithSettingsUiFlow>
export const ContinueWithSettingsUiFlow = Type.Object(
  { id: Uuid, url: Type.Optional(Type.String()) },
  { title: 'continueWithSettingsUiFlow' },
)

export type ContinueWithSettingsUi = Static<typeof ContinueWithSettingsUi>
export const ContinueWithSettingsUi = Type.Object(
  { action: Type.Literal('show_settings_ui'), flow: ContinueWithSettingsUiFlow },
  { title: 'continueWithSettingsUi' },
)

export type ContinueWithRecoveryUiFlow = Static<typeof ContinueWithRecoveryUiFlow>
export const ContinueWithRecoveryUiFlow = Type.Object(
  { id: Uuid, url: Type.Optional(Type.String()) },
  { title: 'continueWithRecoveryUiFlow' },
)

export type ContinueWithRecoveryUi = Static<typeof ContinueWithRecoveryUi>
export const ContinueWithRecoveryUi = Type.Object(
  { action: Type.Literal('show_recovery_ui'), flow: ContinueWithRecoveryUiFlow },
  { title: 'continueWithRecoveryUi' },
)

export type ContinueWithRedirectBrowserTo = Static<typeof ContinueWithRedirectBrowserTo>
export const ContinueWithRedirectBrowserTo = Type.Object(
  { action: Type.Literal('redirect_browser_to'), redirect_browser_to: Type.String() },
  { title: 'continueWithRedirectBrowserTo' },
)

export type ContinueWithDeviceAuthnPinEntryUiData = Static<typeof ContinueWithDeviceAuthnPinEntryUiData>
export const ContinueWithDeviceAuthnPinEntryUiData = Type.Object(
  { enc: Type.String(), ciphertext: Type.String() },
  { title: 'continueWithDeviceAuthnPinEntryUiData' },
)

export type ContinueWithDeviceAuthnPinEntryUi = Static<typeof ContinueWithDeviceAuthnPinEntryUi>
export const ContinueWithDeviceAuthnPinEntryUi = Type.Object(
  { action: Type.Literal('show_pin_entry_ui'), data: ContinueWithDeviceAuthnPinEntryUiData },
  { title: 'continueWithDeviceAuthnPinEntryUi' },
)

export type ContinueWith = Static<typeof ContinueWith>
export const ContinueWith = Type.Union(
  [
    ContinueWithVerificationUi,
    ContinueWithSetOrySessionToken,
    ContinueWithSettingsUi,
    ContinueWithRecoveryUi,
    ContinueWithRedirectBrowserTo,
    ContinueWithDeviceAuthnPinEntryUi,
  ],
  { title: 'continueWith' },
)
