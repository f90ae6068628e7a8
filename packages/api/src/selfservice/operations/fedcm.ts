import { operation } from '../../contract.ts'
import { CreateFedcmFlowResponse, UpdateFedcmFlowBody } from '../fedcm.ts'
import { ErrorBrowserLocationChangeRequired, LoginFlow, SuccessfulNativeLogin } from '../flows.ts'

export const createFedcmFlow = operation({
  id: 'createFedcmFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'GET',
  path: '/self-service/fed-cm/parameters',
  summary: 'Get the parameters of FedCM',
  description: 'The providers that a page can ask the browser for. Status 404 if none is configured.',
  returns: { 200: CreateFedcmFlowResponse },
  errors: [400],
})

export const updateFedcmFlow = operation({
  id: 'updateFedcmFlow',
  tag: 'frontend',
  plane: 'public',
  method: 'POST',
  path: '/self-service/fed-cm/token',
  summary: 'Sign in with a token of FedCM',
  body: UpdateFedcmFlowBody,
  form: true,
  returns: { 200: SuccessfulNativeLogin, 303: null, 400: LoginFlow, 422: ErrorBrowserLocationChangeRequired },
  errors: [410],
})
