// The web form. Linking makes it the only way into the program: the app then takes calls from this site alone.
param name string
param location string
param functionApp string
param functionAppLocation string
@description('Event Grid calls the blob trigger at an address of the host, which has a key of its own.')
param webhook bool
param logs string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionApp
}

resource site 'Microsoft.Web/staticSites@2025-03-01' = {
  name: 'swa-${name}'
  location: location
  tags: { 'azd-service-name': 'web' }
  sku: { name: 'Standard', tier: 'Standard' }
  properties: { provider: 'Custom', stagingEnvironmentPolicy: 'Disabled' } // not from a repository; a preview of a pull request has no program behind it

  resource api 'linkedBackends' = {
    name: 'api'
    properties: { backendResourceId: app.id, region: functionAppLocation }
  }
}

// Linking sets this too; said here so that it is never off, and that a change by hand is undone. The principal's header is the program's
// only proof of who is calling: whoever could call the app past this site could write it themselves.
resource thisSiteAlone 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: true }
    globalValidation: { requireAuthentication: true, unauthenticatedClientAction: 'Return401', excludedPaths: webhook ? [ '/runtime/webhooks/blobs' ] : [] }
    httpSettings: { requireHttps: true }
    identityProviders: { azureStaticWebApps: { enabled: true, registration: { clientId: site.properties.defaultHostname } } }
  }
  dependsOn: [ site::api ]
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(logs)) {
  name: 'to-logs'
  scope: site
  properties: { workspaceId: logs, logs: [ { categoryGroup: 'allLogs', enabled: true } ] }
}

output app string = site.name
output address string = 'https://${site.properties.defaultHostname}'
