// The program, as the custom handler of a Functions app.
param name string
param location string
param premium bool
param identityId string
param identityClientId string
param storageAccount string
param packageContainer string
param applicationInsights string
param settings object

var common = {
  AzureWebJobsStorage__accountName: storageAccount
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AZURE_CLIENT_ID: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identityClientId}'
}

// The plan of the kind that was asked for. A Premium plan runs the package from the same place.
var premiumOnly = premium ? {
  FUNCTIONS_EXTENSION_VERSION: '~4'
  FUNCTIONS_WORKER_RUNTIME: 'custom'
  WEBSITE_RUN_FROM_PACKAGE: '${packageContainer}/app.zip'
  WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID: identityId
} : {}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${name}'
  location: location
  kind: premium ? 'elastic' : 'functionapp'
  sku: premium ? { name: 'EP1', tier: 'ElasticPremium' } : { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, maximumElasticWorkerCount: premium ? 10 : null }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: 'func-${name}'
  location: location
  kind: 'functionapp,linux'
  tags: { 'azd-service-name': 'api' }
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    functionAppConfig: premium ? null : {
      deployment: { storage: { type: 'blobContainer', value: packageContainer, authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId } } }
      runtime: { name: 'custom', version: '1.0' }
      scaleAndConcurrency: { maximumInstanceCount: 40, instanceMemoryMB: 2048 }
    }
    siteConfig: { minTlsVersion: '1.2', ftpsState: 'Disabled', http20Enabled: true }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(common, premiumOnly, settings)
  }

  // No publishing by user name and password.
  resource noScmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

output app string = app.name
output id string = app.id
