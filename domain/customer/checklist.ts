/** The managed service's own steps, in the order in which a customer lives them. */
export const phases = ['kickOff', 'preparation', 'setUp', 'hypercare', 'live', 'offboarded'] as const;
export type Phase = (typeof phases)[number];

export const itemNames = ['directoryCredential', 'targetCredential', 'membersReadable', 'targetWritable', 'previewSigned'] as const;
export type ItemName = (typeof itemNames)[number];
