// HealthEval on Azure, on one page: an identity, and five modules that it may use. No keys anywhere.
targetScope = 'resourceGroup'

@description('Short name for everything that is made: 3 to 12 lower-case letters and digits.')
@minLength(3)
@maxLength(12)
param name string

param location string = resourceGroup().location

@description('Static Web Apps exist in fewer regions than the rest.')
@allowed([ 'westus2', 'centralus', 'eastus2', 'westeurope', 'eastasia' ])
param webLocation string = 'westeurope'

@description('Cosmos DB: 0 is serverless; otherwise the autoscale maximum in RU/s (at least 1000).')
param cosmosMaxThroughput int = 0

@description('Functions: false is Flex Consumption, true a Premium plan with always-ready instances.')
param premium bool = false

@description('Who is told about failed batches, poison messages, overdue reports and errors.')
param alertEmail string

@description('Monthly budget in the currency of the subscription.')
param monthlyBudget int = 100

@description('The first day of a month. Leave it out: it is the running month.')
param budgetStart string = utcNow('yyyy-MM-01')

@description('Where an OpenTelemetry collector listens; empty sends nothing.')
param otlpEndpoint string = ''

// Some of these names are addresses in the whole world, so the resource group gives each its own ending.
var unique = '${name}${take(uniqueString(resourceGroup().id), 5)}'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${unique}'
  location: location
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: { name: unique, shortName: name, location: location, alertEmail: alertEmail, monthlyBudget: monthlyBudget, budgetStart: budgetStart, principalId: identity.properties.principalId }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: { name: unique, location: location, principalId: identity.properties.principalId, peopleToAlert: monitoring.outputs.people }
}

module cosmos 'modules/cosmos.bicep' = {
  name: 'cosmos'
  params: { name: unique, location: location, principalId: identity.properties.principalId, maxThroughput: cosmosMaxThroughput }
}

module functions 'modules/functions.bicep' = {
  name: 'functions'
  params: {
    name: unique
    location: location
    premium: premium
    identityId: identity.id
    identityClientId: identity.properties.clientId
    storageAccount: storage.outputs.account
    packageContainer: storage.outputs.packageContainer
    applicationInsights: monitoring.outputs.connectionString
    settings: union({
      Auth__Mode: 'Platform'
      Storage__Kind: 'Azure'
      Storage__CosmosEndpoint: cosmos.outputs.Storage__CosmosEndpoint
      Storage__CosmosDatabase: cosmos.outputs.Storage__CosmosDatabase
      Storage__BlobEndpoint: storage.outputs.Storage__BlobEndpoint
      Storage__BlobContainer: storage.outputs.Storage__BlobContainer
    }, empty(otlpEndpoint) ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint })
  }
}

module web 'modules/web.bicep' = {
  name: 'web'
  params: { name: unique, location: webLocation, functionApp: functions.outputs.app, functionAppLocation: location }
}

output Storage__CosmosEndpoint string = cosmos.outputs.Storage__CosmosEndpoint
output Storage__CosmosDatabase string = cosmos.outputs.Storage__CosmosDatabase
output Storage__BlobEndpoint string = storage.outputs.Storage__BlobEndpoint
output Storage__BlobContainer string = storage.outputs.Storage__BlobContainer
output functionApp string = functions.outputs.app
output storageAccount string = storage.outputs.account
output webApp string = web.outputs.app
output webAddress string = web.outputs.address
