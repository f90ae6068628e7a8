import type { ProviderConfig } from '../src/selfservice/methods/oidc/config.ts'

export const token = { access_token: 'the-token', token_type: 'bearer' }

/** What one provider answers. */
export interface ProviderCase {
  config?: Partial<ProviderConfig>
  /** Where the browser goes on. */
  authorization: string
  token: string
  tokenAnswer?: object
  /** What the provider says at its other addresses. */
  says: Record<string, object>
  claims: object
  parameters?: Record<string, string>
}

/** Answers as they are documented by each provider. */
export const cases: Partial<Record<ProviderConfig['provider'], ProviderCase>> = {
  github: {
    config: { scope: ['user:email'] },
    authorization: 'https://github.com/login/oauth/authorize',
    token: 'github.com/login/oauth/access_token',
    tokenAnswer: { ...token, scope: 'user:email' },
    says: {
      'api.github.com/user': {
        id: 1,
        login: 'octocat',
        name: 'monalisa octocat',
        avatar_url: 'https://github.com/images/error/octocat_happy.gif',
        html_url: 'https://github.com/octocat',
        blog: 'https://github.com/blog',
        email: null,
        updated_at: '2008-01-14T04:33:35Z',
      },
      'api.github.com/user/emails': [
        { email: 'other@github.com', verified: false, primary: false },
        { email: 'octocat@github.com', verified: true, primary: true },
      ],
    },
    claims: {
      iss: 'https://github.com/login/oauth/access_token',
      sub: '1',
      name: 'monalisa octocat',
      nickname: 'octocat',
      website: 'https://github.com/blog',
      picture: 'https://github.com/images/error/octocat_happy.gif',
      profile: 'https://github.com/octocat',
      updated_at: 1200285215,
      email: 'octocat@github.com',
      email_verified: true,
    },
  },
  'github-app': {
    authorization: 'https://github.com/login/oauth/authorize',
    token: 'github.com/login/oauth/access_token',
    says: {
      'api.github.com/user': { id: 7, login: 'hubot' },
      'api.github.com/user/emails': [{ email: 'hubot@github.com', verified: false, primary: false }],
    },
    claims: {
      iss: 'https://github.com/login/oauth/access_token',
      sub: '7',
      nickname: 'hubot',
      email: 'hubot@github.com',
    },
  },
  gitlab: {
    authorization: 'https://gitlab.com/oauth/authorize',
    token: 'gitlab.com/oauth/token',
    says: { 'gitlab.com/oauth/userinfo': { sub: '9', nickname: 'ada', email: 'ada@x.example', email_verified: true } },
    claims: {
      iss: 'https://gitlab.com',
      sub: '9',
      nickname: 'ada',
      email: 'ada@x.example',
      email_verified: true,
      raw_claims: { sub: '9', nickname: 'ada', email: 'ada@x.example', email_verified: true },
    },
  },
  auth0: {
    config: { issuer_url: 'https://tenant.auth0.com/' },
    authorization: 'https://tenant.auth0.com/authorize',
    token: 'tenant.auth0.com/oauth/token',
    says: { 'tenant.auth0.com/userinfo': { sub: 'auth0|1', updated_at: '2021-07-06T10:58:20.000Z' } },
    claims: {
      iss: 'https://tenant.auth0.com/',
      sub: 'auth0|1',
      updated_at: 1625569100,
      raw_claims: { sub: 'auth0|1', updated_at: '2021-07-06T10:58:20.000Z' },
    },
  },
  salesforce: {
    config: { issuer_url: 'https://login.salesforce.com' },
    authorization: 'https://login.salesforce.com/services/oauth2/authorize',
    token: 'login.salesforce.com/services/oauth2/token',
    says: { 'login.salesforce.com/services/oauth2/userinfo': { sub: 'https://x/005', zoneinfo: 'Europe/Berlin' } },
    claims: {
      iss: 'https://login.salesforce.com',
      sub: 'https://x/005',
      zoneinfo: 'Europe/Berlin',
      raw_claims: { sub: 'https://x/005', zoneinfo: 'Europe/Berlin' },
    },
  },
  discord: {
    config: { scope: ['identify', 'email'] },
    authorization: 'https://discord.com/api/v9/oauth2/authorize',
    token: 'discord.com/api/v9/oauth2/token',
    tokenAnswer: { ...token, scope: 'email identify' },
    parameters: { prompt: 'none' },
    says: {
      'discord.com/api/v9/users/@me': {
        id: '80351110224678912',
        username: 'Nelly',
        discriminator: '1337',
        avatar: '8342729096ea3675442027381ff50dfe',
        verified: true,
        email: 'nelly@discord.com',
        locale: 'en-US',
      },
    },
    claims: {
      iss: 'https://discord.com/api/v9/oauth2/',
      sub: '80351110224678912',
      name: 'Nelly#1337',
      nickname: 'Nelly',
      preferred_username: 'Nelly',
      picture: 'https://cdn.discordapp.com/avatars/80351110224678912/8342729096ea3675442027381ff50dfe.png',
      email: 'nelly@discord.com',
      email_verified: true,
      locale: 'en-US',
    },
  },
  slack: {
    config: { scope: ['identity.basic', 'identity.email'] },
    authorization: 'https://slack.com/oauth/authorize',
    token: 'slack.com/api/oauth.access',
    tokenAnswer: { ok: true, ...token, scope: 'identity.basic,identity.email' },
    says: {
      'slack.com/api/users.identity': {
        ok: true,
        user: { name: 'Sonny Whether', id: 'U0G9QF9C6', email: 'bobby@example.com', image_512: 'https://x/512.png' },
        team: { id: 'T0G9PQBBK' },
      },
    },
    claims: {
      iss: 'https://slack.com/oauth/',
      sub: 'U0G9QF9C6',
      name: 'Sonny Whether',
      preferred_username: 'Sonny Whether',
      nickname: 'Sonny Whether',
      email: 'bobby@example.com',
      email_verified: true,
      picture: 'https://x/512.png',
      team: 'T0G9PQBBK',
    },
  },
  facebook: {
    config: { scope: ['email'] },
    authorization: 'https://facebook.com/dialog/oauth',
    token: 'graph.facebook.com/oauth/access_token',
    says: {
      'graph.facebook.com/me': {
        id: '10',
        name: 'Ada L',
        first_name: 'Ada',
        last_name: 'L',
        email: 'ada@x.example',
        picture: { data: { url: 'https://x/p.png' } },
        birthday: '12/10/1815',
      },
    },
    claims: {
      iss: 'https://graph.facebook.com/me',
      sub: '10',
      name: 'Ada L',
      nickname: 'Ada L',
      preferred_username: 'Ada L',
      given_name: 'Ada',
      family_name: 'L',
      picture: 'https://x/p.png',
      email: 'ada@x.example',
      email_verified: true,
      birthdate: '12/10/1815',
    },
  },
  vk: {
    config: { scope: ['email'] },
    authorization: 'https://oauth.vk.com/authorize',
    token: 'oauth.vk.com/access_token',
    tokenAnswer: { access_token: 'the-token', user_id: 66748, email: 'v@x.example' },
    says: {
      'api.vk.com/method/users.get': {
        response: [{ id: 66748, first_name: 'Lindsey', last_name: 'Stirling', sex: 1, bdate: '21.9.1986' }],
      },
    },
    claims: {
      iss: 'https://api.vk.com/method/users.get',
      sub: '66748',
      given_name: 'Lindsey',
      family_name: 'Stirling',
      email: 'v@x.example',
      gender: 'female',
      birthdate: '21.9.1986',
    },
  },
  yandex: {
    authorization: 'https://oauth.yandex.com/authorize',
    token: 'oauth.yandex.com/token',
    says: {
      'login.yandex.ru/info': {
        id: '1000034426',
        first_name: 'Ivan',
        last_name: 'Ivanov',
        default_email: 'test@yandex.ru',
        default_avatar_id: '131652443',
        is_avatar_empty: false,
        sex: 'male',
        birthday: '1987-03-12',
      },
    },
    claims: {
      iss: 'https://login.yandex.ru/info',
      sub: '1000034426',
      given_name: 'Ivan',
      family_name: 'Ivanov',
      email: 'test@yandex.ru',
      picture: 'https://avatars.yandex.net/get-yapic/131652443/islands-200',
      gender: 'male',
      birthdate: '1987-03-12',
    },
  },
  spotify: {
    config: { scope: ['user-read-email'] },
    authorization: 'https://accounts.spotify.com/authorize',
    token: 'accounts.spotify.com/api/token',
    tokenAnswer: { ...token, scope: 'user-read-email' },
    says: {
      'api.spotify.com/v1/me': {
        id: 'wizzler',
        display_name: 'JM Wizzler',
        email: 'email@example.com',
        external_urls: { spotify: 'https://open.spotify.com/user/wizzler' },
        images: [{ url: 'https://x/1.jpg' }],
      },
    },
    claims: {
      iss: 'https://accounts.spotify.com/api/token',
      sub: 'wizzler',
      name: 'JM Wizzler',
      nickname: 'JM Wizzler',
      email: 'email@example.com',
      picture: 'https://x/1.jpg',
      profile: 'https://open.spotify.com/user/wizzler',
    },
  },
  patreon: {
    authorization: 'https://www.patreon.com/oauth2/authorize',
    token: 'www.patreon.com/api/oauth2/token',
    parameters: { prompt: 'none' },
    says: {
      'www.patreon.com/api/oauth2/v2/identity': {
        data: {
          id: '12345',
          type: 'user',
          attributes: { full_name: 'Plato Doe', first_name: 'Plato', last_name: 'Doe' },
        },
      },
    },
    claims: {
      iss: 'https://www.patreon.com/',
      sub: '12345',
      name: 'Plato Doe',
      given_name: 'Plato',
      family_name: 'Doe',
      last_name: 'Doe',
    },
  },
  lark: {
    authorization: 'https://passport.feishu.cn/suite/passport/oauth/authorize',
    token: 'passport.feishu.cn/suite/passport/oauth/token',
    says: {
      'passport.feishu.cn/suite/passport/oauth/userinfo': {
        open_id: 'ou_1',
        name: 'zhangsan',
        avatar_url: 'https://x/icon',
        email: 'z@x.example',
        mobile: '+86130002883xx',
      },
    },
    claims: {
      iss: 'https://passport.feishu.cn/suite/passport/oauth/userinfo',
      sub: 'ou_1',
      name: 'zhangsan',
      nickname: 'zhangsan',
      picture: 'https://x/icon',
      email: 'z@x.example',
      phone_number: '+86130002883xx',
    },
  },
  amazon: {
    config: { scope: ['profile'] },
    authorization: 'https://www.amazon.com/ap/oa',
    token: 'api.amazon.com/auth/o2/token',
    says: {
      'api.amazon.com/user/profile': {
        user_id: 'amzn1.account.K2',
        email: 'mork@x.example',
        name: 'Mork',
        postal_code: '98052',
      },
    },
    claims: {
      iss: 'https://api.amazon.com/auth/o2/token',
      sub: 'amzn1.account.K2',
      name: 'Mork',
      email: 'mork@x.example',
      zoneinfo: '98052',
    },
  },
  uaepass: {
    authorization: 'https://id.uaepass.ae/idshub/authorize',
    token: 'id.uaepass.ae/idshub/token',
    parameters: { acr_values: 'urn:safelayer:tws:policies:authentication:level:low', code_challenge_method: 'S256' },
    says: {
      'id.uaepass.ae/idshub/userinfo': { sub: 'UAEPASS/1', fullnameEN: 'A B', firstnameEN: 'A', lastnameEN: 'B' },
    },
    claims: {
      iss: 'https://id.uaepass.ae',
      sub: 'UAEPASS/1',
      name: 'A B',
      given_name: 'A',
      last_name: 'B',
      raw_claims: { sub: 'UAEPASS/1', fullnameEN: 'A B', firstnameEN: 'A', lastnameEN: 'B' },
    },
  },
  linkedin: {
    authorization: 'https://www.linkedin.com/oauth/v2/authorization',
    token: 'www.linkedin.com/oauth/v2/accessToken',
    says: {
      'api.linkedin.com/v2/me': {
        id: 'yrZCpj2Z12',
        localizedFirstName: 'Bob',
        localizedLastName: 'Smith',
        profilePicture: {
          'displayImage~': {
            elements: [1, 2, 3, 4].map((size) => ({ identifiers: [{ identifier: `https://x/${size}` }] })),
          },
        },
      },
      'api.linkedin.com/v2/emailAddress': { elements: [{ 'handle~': { emailAddress: 'bob@x.example' } }] },
    },
    claims: {
      iss: 'https://login.linkedin.com/',
      sub: 'yrZCpj2Z12',
      email: 'bob@x.example',
      given_name: 'Bob',
      last_name: 'Smith',
      picture: 'https://x/3',
    },
  },
}
