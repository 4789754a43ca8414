/** What an operator might write for a customer; shown in docs/configuration.md. */
export const exampleConfiguration = {
  name: 'Acme',
  directory: {
    tenantId: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    clientId: '8c6a1d2e-6a5b-4b2f-9d3a-7e1f0b9c4d22',
    groupId: 'b1e0c9d4-2f37-4c1e-8a55-90d6f3a7e610',
  },
  target: { type: 'scim', baseUrl: 'https://lms.example.com/scim/v2', requestsPerMinute: 300 },
  userName: { ToLower: ['userPrincipalName'] },
  fields: {
    givenName: { value: 'givenName', required: true },
    familyName: { value: 'surname', required: true },
    displayName: { Coalesce: ['displayName', { Join: [{ constant: ' ' }, 'givenName', 'surname'] }] },
    email: { value: { Coalesce: ['mail', { Item: ['otherMails', { constant: '1' }] }] }, required: true },
    title: 'jobTitle',
    department: { value: 'department', default: 'Unknown' },
    employeeNumber: { value: 'employeeId', whenEmpty: 'keep' },
    timezone: {
      value: { Switch: ['state', { constant: 'Australia/Sydney' }, { constant: 'QLD' }, { constant: 'Australia/Brisbane' }] },
      apply: 'onlyAtCreation',
    },
  },
  customFields: {
    managerEmail: 'manager.mail',
    startDate: { FormatDateTime: ['employeeHireDate', { constant: '' }, { constant: 'dd/MM/yyyy' }] },
    site: 'extensionAttribute3',
  },
  scope: {
    guests: 'exclude',
    exclude: [
      [{ attribute: 'userPrincipalName', operator: 'STARTS WITH', value: 'svc-' }],
      [{ attribute: 'surname', operator: 'IS NULL' }],
    ],
  },
  protectedAccounts: ['admin@acme.example'],
  leavers: { leftGroup: { graceDays: 7 }, disabled: 'deactivate', deleted: 'deactivate' },
  cadence: { everyMinutes: 60 },
} as const;
