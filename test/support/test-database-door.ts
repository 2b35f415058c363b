/** The environment variable that names where tests have a PostgreSQL started: set by `global-setup.ts`. */
export const DOOR = 'THANKLY_TEST_DATABASE_DOOR';
