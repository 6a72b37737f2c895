import { type ApiVersion, writeId } from './apiVersion';
import { isAdmin, isEmbedUser, type Person, type Role } from './people';

/** A default Looker has one group that includes all users. */
const ALL_USERS_GROUP_ID = 1;

const ROLE_IDS: Readonly<Record<Role, number>> = { admin: 2, developer: 3, viewer: 4, embed: 5 };

/** Admins see every field of every user; others see every field of their own user, and otherwise only names. */
export function mayReadDetails(viewer: Person, person: Person): boolean {
  return isAdmin(viewer) || viewer.id === person.id;
}

/**
 * A user in the User format of this API version, with the fields that the viewer may see.
 * @param origin of the instance, for links
 */
export function writeUser(person: Person, viewer: Person, version: ApiVersion, origin: string) {
  const details = mayReadDetails(viewer, person);
  const url = `${origin}/api/${version}/users/${person.id}`;
  return {
    can: { show: true, index: true, show_details: details, index_details: details },
    id: writeId(person.id, version),
    first_name: person.firstName,
    last_name: person.lastName,
    display_name: person.displayName,
    avatar_url: null,
    avatar_url_without_sizing: null,
    url,
    ...(details && writeDetails(person, version, url)),
  };
}

function writeDetails(person: Person, version: ApiVersion, url: string) {
  return {
    email: person.email,
    is_disabled: person.isDisabled,
    locale: 'en',
    group_ids: [writeId(ALL_USERS_GROUP_ID, version)],
    role_ids: person.roles.map((role) => writeId(ROLE_IDS[role], version)),
    presumed_looker_employee: false,
    verified_looker_employee: false,
    roles_externally_managed: false,
    ...writeCredentials(person, version, url),
    ...(version === '4.0' && {
      is_service_account: person.isServiceAccount,
      ...(person.isServiceAccount && { service_account_name: person.displayName }),
    }),
  };
}

function writeCredentials(person: Person, version: ApiVersion, url: string) {
  const id = writeId(person.id, version);
  const is_disabled = person.isDisabled;
  return {
    credentials_api3: person.apiKey
      ? [
          {
            id,
            client_id: person.apiKey.clientId,
            is_disabled,
            type: 'api3',
            url: `${url}/credentials_api3/${id}`,
          },
        ]
      : [],
    credentials_embed: isEmbedUser(person)
      ? [
          {
            id,
            external_user_id: `embed-${person.id}`,
            is_disabled,
            type: 'embed',
            url: `${url}/credentials_embed/${id}`,
          },
        ]
      : [],
    ...(person.email !== null && {
      credentials_email: {
        email: person.email,
        is_disabled,
        type: 'email',
        url: `${url}/credentials_email`,
        user_url: url,
      },
    }),
  };
}
