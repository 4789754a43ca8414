/** The demo customer's configuration, as an operator would write it. */
export function demoConfiguration(ids: { tenantId: string; clientId: string; groupId: string; baseUrl: string }): object {
  return {
    name: 'Northwind Traders',
    directory: { tenantId: ids.tenantId, clientId: ids.clientId, groupId: ids.groupId },
    target: { type: 'scim', baseUrl: ids.baseUrl },
    userName: 'userPrincipalName',
    fields: {
      givenName: 'givenName',
      familyName: 'surname',
      displayName: 'displayName',
      email: 'mail',
      title: 'jobTitle',
      department: { value: 'department', default: 'Unassigned' },
      employeeNumber: 'employeeId',
      mobilePhone: 'mobilePhone',
    },
    customFields: {
      location: { Coalesce: ['officeLocation', 'city'] },
      employeeType: 'employeeType',
      managerEmail: 'manager.mail',
    },
    protectedAccounts: ['lms.administrator'],
  };
}
