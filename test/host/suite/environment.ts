/** The stand-in Looker, which runs outside this window and survives when it is reopened. */
export const OUTSIDE = {
  baseUrl: read('LOOKER_TEST_BASE_URL'),
  admin: { id: read('LOOKER_TEST_ADMIN_ID'), secret: read('LOOKER_TEST_ADMIN_SECRET') },
  user: { id: read('LOOKER_TEST_USER_ID'), secret: read('LOOKER_TEST_USER_SECRET') },
};

/** Whether the consumer has consent without the dialog, which such a window doesn't show. */
export const CONSUMER_IS_TRUSTED = process.env['LOOKER_TEST_CONSUMER_TRUSTED'] === 'yes';

/** Whether the user has not trusted the workspace. */
export const IN_RESTRICTED_MODE = process.env['LOOKER_TEST_RESTRICTED_MODE'] === 'yes';

/** The folder with everything that this VS Code writes: absolute path. */
export const HOME = read('LOOKER_TEST_HOME');

function read(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
}
