import { inertText } from '../looker/inert';

/**
 * The words in the paths of Looker's API 4.0, as `@looker/sdk` has them. Any other path segment could be a name, an
 * address or a key, and is never logged.
 */
const WORDS = new Set(
  `
  accept_legal_agreement acquire active agents aggregate_table_lookml alert_notifications alerts allowed_connections
  allowlist analyze ancestors api api_spec artifact artifacts async_deploy_ref_to_production attribute_values
  board_items board_sections boards certification chat children ci cloud_storage color_collections columns
  connection_override connections content content_favorite content_metadata content_metadata_access content_summary
  content_thumbnail content_validation content_view continuous_integration conversational_analytics conversations
  cookieless_session copy cost_estimate credential credentials credentials_api3 credentials_email credentials_embed
  credentials_google credentials_ldap credentials_looker_openid credentials_oidc credentials_saml credentials_totp
  current_workspace custom custom_welcome_email custom_welcome_email_test dashboard dashboard_elements
  dashboard_filter_state dashboard_filters dashboard_layout_components dashboard_layouts dashboards data_actions
  databases datagroups default default_theme deploy_key deploy_ref_to_production deploy_status deploy_to_production
  derived_table device dialect_info digest_email_send digest_emails_enabled disable embed embed_config embed_user
  enable enqueue explores external_oauth_applications features fetch_and_parse_saml_idp_metadata fields file files
  folders follow force_password_reset_at_next_login_for_all_users form from_lookml generate_tokens git git_branch
  git_branches git_connection_tests git_diagnostic_report golden_queries graph group_values groups health import
  integration_hubs integrations internal internal_help_resources internal_help_resources_content
  internal_help_resources_enabled kda ldap_config legacy_features locales lock_all login logout look lookml
  lookml_dashboard lookml_models lookml_tests looks manifest me merge_queries messages metadata mobile model
  model_sets models move multi_results names namespaces oauth_client_apps oidc_config oidc_test_configs parent
  parse_saml_idp_metadata password_config password_reset permission_sets permissions primary_homepage_sections
  projects public_egress_ip_addresses purge queries query_tasks render_tasks repair reports reset_to_production
  reset_to_remote results roles run run_once running_queries runs saml_config saml_test_configs scheduled_plans
  schemas search search_columns secrets self_service_models send_password_reset service_accounts session
  session_config sessions setting settings slug smtp_settings smtp_status space sql_interface_queries sql_queries
  ssh_public_key ssh_server ssh_servers ssh_tunnel ssh_tunnels sso sso_url standard start status stop suggestions
  support_access sync tables tag test test_auth test_connection test_user_auth test_user_info theme_or_default themes
  timezones token_url tokens update_emails usage user user_attributes user_login_lockout user_login_lockouts
  user_state users validate value vector_thumbnail versions view views whitelabel_configuration with_hierarchy
  with_roles with_user_count workspaces
  `.split(/\s+/),
);
const VERSION = /^\d\.\d$/;

/** The methods of nearly all requests. Any other is made safe to log first, which takes longer. */
const METHOD = /^[A-Z]{1,10}$/;

const MOST_SEGMENTS = 12;

/**
 * A request as it is logged: `GET /api/4.0/users/*`. The query, headers and bodies are left out, and path segments
 * that may identify something appear as `*`.
 */
export function loggedRequest(method: string, target: string): string {
  const [path = ''] = target.split('?', 1);
  const segments = path.slice(0, 1000).split('/').filter(Boolean).slice(0, MOST_SEGMENTS);
  const words = segments.map((segment) =>
    WORDS.has(segment) || VERSION.test(segment) ? segment : '*',
  );
  return `${METHOD.test(method) ? method : inertText(method)} /${words.join('/')}`;
}
