// The program, as the .NET isolated worker of a Functions app.
param name string
param location string
param premium bool
param package string
param zoneRedundant bool
param identityId string
param identityClientId string
param storageAccount string
param packageContainer string
param applicationInsights string
param settings object
@description('Where the app lives in a network of its own, and then nothing reaches it from the internet. Empty: it is reached at its address.')
param subnet string
param logs string

var common = {
  AzureWebJobsStorage__accountName: storageAccount
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AZURE_CLIENT_ID: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identityClientId}'
}

// Flex Consumption refuses these settings and has its own section instead. A Premium plan runs the package straight from the container
// (infra/deploy.sh puts it there), because its usual file share can only be opened with a key.
var premiumSettings = {
  FUNCTIONS_EXTENSION_VERSION: '~4'
  FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'
  WEBSITE_RUN_FROM_PACKAGE: '${packageContainer}/${package}'
  WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID: identityId
}

var flex = {
  deployment: { storage: { type: 'blobContainer', value: packageContainer, authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId } } }
  runtime: { name: 'dotnet-isolated', version: '10.0' }
  scaleAndConcurrency: { maximumInstanceCount: 40, instanceMemoryMB: 2048 }
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${name}'
  location: location
  kind: premium ? 'elastic' : 'functionapp'
  sku: premium ? { name: 'EP1', tier: 'ElasticPremium' } : { name: 'FC1', tier: 'FlexConsumption' }
  properties: premium ? { reserved: true, maximumElasticWorkerCount: 10, zoneRedundant: zoneRedundant } : { reserved: true, zoneRedundant: zoneRedundant }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: 'func-${name}'
  location: location
  kind: 'functionapp,linux'
  tags: { 'azd-service-name': 'api' }
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: union(empty(subnet) ? {} : { virtualNetworkSubnetId: subnet, outboundVnetRouting: { allTraffic: true }, publicNetworkAccess: 'Disabled' }, {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    functionAppConfig: premium ? null : flex
    siteConfig: premium
      ? { linuxFxVersion: 'DOTNET-ISOLATED|10.0', minTlsVersion: '1.2', http20Enabled: true, ftpsState: 'Disabled', minimumElasticInstanceCount: zoneRedundant ? 3 : 1 }
      : { minTlsVersion: '1.2', http20Enabled: true }
  })

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(common, premium ? premiumSettings : {}, settings)
  }

  // No publishing by user name and password.
  resource noScmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource noFtpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(logs)) {
  name: 'to-logs'
  scope: app
  properties: { workspaceId: logs, logs: [ { categoryGroup: 'audit', enabled: true } ] }
}

output app string = app.name
