// The web form. Linking makes it the only way into the program: the app then takes calls from this site alone.
param name string
param location string
param functionAppId string
param functionAppLocation string

resource site 'Microsoft.Web/staticSites@2024-04-01' = {
  name: 'swa-${name}'
  location: location
  tags: { 'azd-service-name': 'web' }
  sku: { name: 'Standard', tier: 'Standard' }
  properties: {}

  resource api 'linkedBackends' = {
    name: 'api'
    properties: { backendResourceId: functionAppId, region: functionAppLocation }
  }
}

output address string = 'https://${site.properties.defaultHostname}'
