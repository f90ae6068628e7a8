import { operation } from '../../contract.ts'
import { ElementsConfiguration } from '../elements.ts'

/** Ory Network only: not on the listeners that replace Kratos's. */
export const getConfiguration = operation({
  id: 'getConfiguration',
  tag: 'elements',
  plane: 'public',
  listeners: [],
  method: 'GET',
  path: '/elements/configuration',
  summary: 'Get the settings of a project that Ory Elements uses',
  returns: { 200: ElementsConfiguration },
  errors: [400, 401, 403],
})
