import type { ProviderConfig } from '../config.ts'
import { amazon } from './amazon.ts'
import { apple } from './apple.ts'
import { dingtalk } from './dingtalk.ts'
import { discord } from './discord.ts'
import { facebook } from './facebook.ts'
import { fedcmTest } from './fedcm-test.ts'
import { generic } from './generic.ts'
import { github, githubApp } from './github.ts'
import { google } from './google.ts'
import { lark } from './lark.ts'
import { line } from './line.ts'
import { linkedin, linkedinV2 } from './linkedin.ts'
import { microsoft } from './microsoft.ts'
import { netid } from './netid.ts'
import { patreon } from './patreon.ts'
import type { Provider } from './provider.ts'
import { slack } from './slack.ts'
import { spotify } from './spotify.ts'
import { uaepass } from './uaepass.ts'
import { auth0, gitlab, salesforce } from './userinfo.ts'
import { vk } from './vk.ts'
import { x } from './x.ts'
import { yandex } from './yandex.ts'

/** Every kind of provider, by the name in the configuration. */
const providers: Readonly<Record<ProviderConfig['provider'], Provider>> = {
  amazon,
  apple,
  auth0,
  dingtalk,
  discord,
  facebook,
  'fedcm-test': fedcmTest,
  generic,
  github,
  'github-app': githubApp,
  gitlab,
  google,
  lark,
  line,
  linkedin,
  linkedin_v2: linkedinV2,
  microsoft,
  netid,
  patreon,
  salesforce,
  slack,
  spotify,
  uaepass,
  vk,
  x,
  yandex,
}

export function providerOf({ provider }: Pick<ProviderConfig, 'provider'>): Provider {
  return providers[provider]
}
