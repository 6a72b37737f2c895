/** The parts of the configuration in VS Code's page that tests change. */
interface PageConfiguration {
  developmentOptions: { enableSmokeTestDriver?: boolean };
  productConfiguration: { trustedExtensionAuthAccess?: Record<string, readonly string[]> };
}

/**
 * Changes VS Code's page so that its window runs the requested tests in the extension host. Such a window shows no
 * notifications and can't ask for consent, so these extensions (`publisher.name`) may use Looker accounts without it.
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
