/** Whether a cursor's key can be a position. */
export const isPosition = (key: string): boolean => /^[0-9A-Za-z]{1,200}$/.test(key);
