import Type from 'typebox'
import { operation } from '../../contract.ts'

const WebAuthnJavaScript = Type.String({ title: 'webAuthnJavaScript' })

export const getWebAuthnJavaScript = operation({
  id: 'getWebAuthnJavaScript',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/.well-known/ory/webauthn.js',
  summary: 'Get the script that connects forms with security keys and passkeys',
  returns: { 200: WebAuthnJavaScript },
  errors: [],
})

export const getProofOfWorkJavaScript = operation({
  id: 'getProofOfWorkJavaScript',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/.well-known/latchkey/proof-of-work.js',
  summary: 'Get the script that solves the proof of work of a form',
  returns: { 200: Type.String({ title: 'proofOfWorkJavaScript' }) },
  errors: [],
})

export const getCaptchaJavaScript = operation({
  id: 'getCaptchaJavaScript',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/.well-known/latchkey/captcha.js',
  summary: 'Get the script that shows the captcha of a form',
  returns: { 200: Type.String({ title: 'captchaJavaScript' }) },
  errors: [],
})

export const getRelatedOrigins = operation({
  id: 'getRelatedOrigins',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/.well-known/webauthn',
  summary: 'List the origins that may use credentials of this host (WebAuthn Level 3, section 5.11)',
  returns: { 200: Type.Object({ origins: Type.Array(Type.String()) }) },
  errors: [404],
})
