/** The parts that tests change of the configuration that VS Code's page carries. */
interface PageConfiguration {
  developmentOptions: { enableSmokeTestDriver?: boolean };
  productConfiguration: { trustedExtensionAuthAccess?: Record<string, readonly string[]> };
}

/**
 * VS Code's page, changed so that its window runs the tests it is asked to run in the extension host. Such a
 * window shows no notifications and refuses to ask for consent, so these extensions (`publisher.name`) may use
 * Looker accounts without.
 */
export function allowTests(html: string, trusted: readonly string[]): string {
  return html.replace(
    /(id="vscode-workbench-web-configuration" data-settings=")([^"]*)/,
    (_, before: string, escaped: string) => {
      const configuration = JSON.parse(escaped.replaceAll('&quot;', '"')) as PageConfiguration;
      configuration.developmentOptions.enableSmokeTestDriver = true;
      configuration.productConfiguration.trustedExtensionAuthAccess = { looker: trusted };
      return before + JSON.stringify(configuration).replaceAll('"', '&quot;');
    },
  );
}
