// HealthEval on Azure, on one page: an identity, and the modules that it may use. docs/operations.md says what carries a key and what doesn't.
targetScope = 'resourceGroup'

@description('Short name for everything that is made: 3 to 12 lower-case letters and digits, a letter first.')
@minLength(3)
@maxLength(12)
param name string

param location string = resourceGroup().location

@description('Static Web Apps exist in fewer regions than the rest; say which holds the form.')
@allowed([ 'westus2', 'centralus', 'eastus2', 'westeurope', 'eastasia' ])
param webLocation string

@description('public: the form on Static Web Apps. private: Front Door with a firewall is the only way in, and documents, files and vault have no address outside (docs/azure-private.md).')
@allowed([ 'public', 'private' ])
param network string = 'public'

@description('Private only: the application that people sign in with; infra/deploy.sh makes it.')
param signInClientId string = ''

@description('How a new file reaches IngestBatch: Event Grid calls the blob trigger (its address carries a key, infra/subscribe.sh), or Event Grid writes to the queue drops (no key, and a storage firewall may be closed; always so with network = private).')
@allowed([ 'blobTrigger', 'queue' ])
param intake string = 'blobTrigger'

@description('Chosen on the first day: a template cannot turn one into the other (docs/operations.md, moving from serverless to autoscale).')
@allowed([ 'serverless', 'autoscale' ])
param cosmosMode string = 'serverless'

@description('Autoscale only: the most RU/s that the container of the work may take, a multiple of 1000.')
@minValue(1000)
param cosmosMaxThroughput int = 1000

@description('Functions: false is Flex Consumption, true a Premium plan with always-ready instances.')
param premium bool = false

@description('Premium only: which package in the container packages runs; infra/deploy.sh names one for each version.')
param package string = 'app.zip'

@description('Keep storage, documents and a Premium plan in three zones. Only in a region that has them.')
param zoneRedundant bool = false

@description('How many days back Cosmos DB can be restored to any second.')
@allowed([ 7, 30 ])
param restoreDays int = 7

@description('After a restore: the account beside, which the program works on from then on (infra/restore.sh).')
param restoredAccount string = ''

@description('Refuse to delete the account of the documents and that of the files until the lock is taken away.')
param locked bool = false

@description('Send who read, wrote and deleted what (documents, files, events, the site) to the logs, kept for so many days there; 0 sends nothing.')
param diagnosticDays int = 0

@description('Keep what was sent to the logs for so many days in all, the rest of them in the archive, which is searched by jobs. 0: not longer than diagnosticDays.')
@allowed([ 0, 730, 1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018, 4383 ])
param archiveDays int = 0

@description('Encrypt files, queues and documents with a key of your own in the vault. From the first day on: queues and tables cannot be changed over.')
param customerKeys bool = false

@description('Hold every version of a finished report for so many days: nobody changes or deletes it, neither program nor purge. 0 holds nothing. From the first day on.')
param reportsHeldDays int = 0

@description('Unlocked: an administrator may lift a hold. Locked: nobody, Microsoft among them, until its day has come.')
@allowed([ 'Unlocked', 'Locked' ])
param reportsHold string = 'Unlocked'

@description('Ask from five places every quarter of an hour whether the site answers.')
param probe bool = false

@description('Who is told about failed batches, poison messages, overdue reports and errors.')
param alertEmail string

@description('Monthly budget in the currency of the subscription.')
param monthlyBudget int = 100

@description('The first day of the month in which the budget was made, as 2026-11-01; it can never change. Empty: no budget.')
param budgetStart string = ''

@description('A storage account has at most one system topic. If somebody has made one, name it here.')
param existingSystemTopic string = ''

@description('Where an OpenTelemetry collector listens; empty sends nothing.')
param otlpEndpoint string = ''

// The storage account's name may hold nothing else.
var wrong = filter(range(0, length(name)), at => !contains('abcdefghijklmnopqrstuvwxyz0123456789', substring(name, at, 1)))
var checked = empty(wrong) && !contains('0123456789', first(name)) ? name : fail('name: 3 to 12 lower-case letters and digits, a letter first; "${name}" is not.')

var closed = network == 'private'
var takes = closed ? 'queue' : intake
var logs = diagnosticDays == 0 ? '' : monitoring.outputs.logs

// Some of these names are addresses in the whole world, so the resource group gives each its own ending.
var unique = '${checked}${take(uniqueString(resourceGroup().id), 5)}'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${unique}'
  location: location
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: { name: unique, shortName: checked, location: location, alertEmail: alertEmail, monthlyBudget: monthlyBudget, budgetStart: budgetStart, diagnosticDays: diagnosticDays, archiveDays: archiveDays, principalId: identity.properties.principalId }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    name: unique
    location: location
    principalId: identity.properties.principalId
    peopleToAlert: monitoring.outputs.people
    intake: takes
    zoneRedundant: zoneRedundant
    locked: locked
    existingSystemTopic: existingSystemTopic
    keeperId: keys.outputs.keeperId
    vaultUri: keys.outputs.vaultUri
    holdReports: reportsHeldDays > 0
    logs: logs
    closed: closed
  }
}

module cosmos 'modules/cosmos.bicep' = {
  name: 'cosmos'
  params: {
    name: unique
    location: location
    principalId: identity.properties.principalId
    peopleToAlert: monitoring.outputs.people
    serverless: cosmosMode == 'serverless'
    maxThroughput: cosmosMaxThroughput
    zoneRedundant: zoneRedundant
    locked: locked
    restoreDays: restoreDays
    keeperId: keys.outputs.keeperId
    vaultUri: keys.outputs.vaultUri
    logs: logs
    closed: closed
  }
}

module keys 'modules/keys.bicep' = {
  name: 'keys'
  params: {
    name: unique
    location: location
    principalId: identity.properties.principalId
    customerKeys: customerKeys
    logs: logs
    closed: closed
  }
}

var endpoint = empty(restoredAccount) ? cosmos.outputs.Storage__CosmosEndpoint : restored!.properties.documentEndpoint

resource restored 'Microsoft.DocumentDB/databaseAccounts@2025-10-15' existing = if (!empty(restoredAccount)) {
  name: restoredAccount
}

module around 'modules/network.bicep' = if (closed) {
  name: 'network'
  params: { name: unique, location: location, premium: premium, storageId: storage.outputs.accountId, cosmosId: cosmos.outputs.accountId, vaultId: keys.outputs.vaultId }
}

module functions 'modules/functions.bicep' = {
  name: 'functions'
  params: {
    name: unique
    location: location
    premium: premium
    package: package
    zoneRedundant: zoneRedundant
    identityId: identity.id
    identityClientId: identity.properties.clientId
    storageAccount: storage.outputs.account
    packageContainer: storage.outputs.packageContainer
    applicationInsights: monitoring.outputs.connectionString
    subnet: closed ? around!.outputs.appSubnet : ''
    logs: logs
    settings: union({
      Auth__Mode: 'Platform'
      Auth__Tenant: subscription().tenantId
      Storage__Kind: 'Azure'
      Storage__CosmosEndpoint: endpoint
      Storage__CosmosDatabase: cosmos.outputs.Storage__CosmosDatabase
      Storage__BlobEndpoint: storage.outputs.Storage__BlobEndpoint
      Storage__BlobContainer: storage.outputs.Storage__BlobContainer
      Reports__SigningKey: keys.outputs.Reports__SigningKey
    }, reportsHeldDays == 0 ? {} : { Storage__HoldReports: '${reportsHeldDays}.00:00:00', Storage__HoldLocked: string(reportsHold == 'Locked') }, closed ? {} : { Http__MaxContentLength: '30000000' }, closed ? { Storage__Links: 'false', OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: identity.properties.clientId } : {}, takes == 'queue' ? { 'AzureWebJobs.IngestBatch.Disabled': 'true' } : {}, empty(otlpEndpoint) ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint })
  }
}

module web 'modules/web.bicep' = if (!closed) {
  name: 'web'
  params: { name: unique, location: webLocation, functionApp: functions.outputs.app, functionAppLocation: location, webhook: takes == 'blobTrigger', logs: logs }
}

module door 'modules/door.bicep' = if (closed) {
  name: 'door'
  params: {
    name: unique
    location: location
    functionApp: functions.outputs.app
    signInClientId: signInClientId
    networkId: around!.outputs.networkId
    doorSubnet: around!.outputs.doorSubnet
    logs: logs
  }
}

var address = closed ? door!.outputs.address : web!.outputs.address

module outside 'modules/probe.bicep' = if (probe) {
  name: 'probe'
  params: { name: unique, location: location, address: address, insights: monitoring.outputs.insights, peopleToAlert: monitoring.outputs.people }
}

output Storage__CosmosEndpoint string = endpoint
output Storage__CosmosDatabase string = cosmos.outputs.Storage__CosmosDatabase
output Storage__BlobEndpoint string = storage.outputs.Storage__BlobEndpoint
output Storage__BlobContainer string = storage.outputs.Storage__BlobContainer
output functionApp string = functions.outputs.app
output storageAccount string = storage.outputs.account
output systemTopic string = storage.outputs.topic
output intake string = takes
output network string = network
output webApp string = closed ? '' : web!.outputs.app
output webAddress string = address
