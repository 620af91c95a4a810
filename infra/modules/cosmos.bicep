// Documents. The containers, their keys and indexes are those of api/Storage/DocumentKind.cs; a test holds the two together.
param name string
param location string
param principalId string
param peopleToAlert string
param serverless bool
param maxThroughput int
param zoneRedundant bool
param locked bool
param restoreDays int
param keeperId string
param vaultUri string
param closed bool
param logs string

var containers = [
  {
    name: 'catalog'
    maxThroughput: 1000 // people, projects, batches: read by id
    included: [ '/kind', '/projectId', '/scope', '/documentId', '/body/personId', '/body/receivedAt', '/body/projectId', '/body/madeAt' ]
    orders: [
      [ '/kind', '/scope', '/documentId' ]
      [ '/kind', '/body/personId', '/scope', '/documentId' ]
      [ '/kind', '/body/receivedAt', '/scope', '/documentId' ]
      [ '/kind', '/body/projectId', '/body/madeAt', '/scope', '/documentId' ]
    ]
  }
  {
    name: 'work'
    maxThroughput: maxThroughput
    included: [
      '/kind', '/projectId', '/scope', '/documentId'
      '/body/batchId'
      '/body/at'
      '/body/state'
      '/body/line'
      '/body/lane'
      '/body/openRank'
      '/body/nextExpiry'
      '/body/rank'
      '/body/submittedAt'
      '/body/rater'
      '/body/voidedAt'
      '/body/actId'
      '/body/number'
      '/body/action'
      '/body/by'
    ]
    orders: [
      [ '/kind', '/scope', '/documentId' ]
      [ '/kind', '/body/batchId', '/body/at', '/scope', '/documentId' ]
      [ '/kind', '/body/batchId', '/body/state', '/body/line', '/scope', '/documentId' ]
      [ '/kind', '/body/lane', '/body/openRank', '/scope', '/documentId' ]
      [ '/kind', '/body/lane', '/body/nextExpiry', '/scope', '/documentId' ]
      [ '/kind', '/body/batchId', '/body/rank', '/scope', '/documentId' ]
      [ '/kind', '/body/submittedAt', '/scope', '/documentId' ]
      [ '/kind', '/body/rater', '/body/submittedAt', '/scope', '/documentId' ]
      [ '/kind', '/body/voidedAt', '/scope', '/documentId' ]
      [ '/kind', '/body/rater', '/body/voidedAt', '/scope', '/documentId' ]
      [ '/kind', '/body/at', '/scope', '/documentId' ]
      [ '/kind', '/body/actId', '/body/at', '/scope', '/documentId' ]
      [ '/kind', '/body/number', '/scope', '/documentId' ]
      [ '/kind', '/body/action', '/body/number', '/scope', '/documentId' ]
      [ '/kind', '/body/by', '/body/number', '/scope', '/documentId' ]
    ]
  }
]

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-10-15' = {
  name: 'cosmos-${name}'
  location: location
  kind: 'GlobalDocumentDB'
  identity: empty(keeperId) ? { type: 'None' } : { type: 'UserAssigned', userAssignedIdentities: { '${keeperId}': {} } }
  properties: union(empty(keeperId) ? {} : { keyVaultKeyUri: '${vaultUri}keys/data', defaultIdentity: 'UserAssignedIdentity=${keeperId}' }, closed ? { publicNetworkAccess: 'Disabled' } : {}, {
    databaseAccountOfferType: 'Standard'
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    locations: [ { locationName: location, failoverPriority: 0, isZoneRedundant: zoneRedundant } ]
    // A claim written by one instance must be seen by the next request, whichever instance takes it.
    consistencyPolicy: { defaultConsistencyLevel: 'Strong' }
    capabilities: serverless ? [ { name: 'EnableServerless' } ] : []
    backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: restoreDays == 30 ? 'Continuous30Days' : 'Continuous7Days' } }
  })

  resource database 'sqlDatabases' = {
    name: 'healtheval'
    properties: {
      resource: { id: 'healtheval' }
    }

    resource container 'containers' = [for container in containers: {
      name: container.name
      properties: {
        // Per container, as an account has it that was once serverless.
        options: serverless ? {} : { autoscaleSettings: { maxThroughput: container.maxThroughput } }
        resource: {
          id: container.name
          partitionKey: { kind: 'MultiHash', version: 2, paths: [ '/projectId', '/scope' ] }
          defaultTtl: -1
          indexingPolicy: {
            indexingMode: 'consistent'
            automatic: true
            includedPaths: [for path in container.included: { path: '${path}/?' }]
            excludedPaths: [ { path: '/*' } ]
            compositeIndexes: [for order in container.orders: map(order, path => { path: path, order: 'ascending' })]
          }
        }
      }
    }]
  }

  // Read and write documents, and nothing else: not the account, its keys or its containers.
  resource programMayUse 'sqlRoleAssignments' = {
    name: guid(account.id, principalId, 'contributor')
    properties: {
      principalId: principalId
      roleDefinitionId: '${account.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002' // Cosmos DB Built-in Data Contributor
      scope: account.id
    }
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  name: 'documents-stay'
  scope: account
  properties: { level: 'CanNotDelete', notes: 'The judgements of every project lie here.' }
}

// Who read and wrote which container, without the texts: queries are not sent in full.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(logs)) {
  name: 'to-logs'
  scope: account
  properties: {
    workspaceId: logs
    logAnalyticsDestinationType: 'Dedicated'
    logs: [ { category: 'DataPlaneRequests', enabled: true }, { category: 'ControlPlaneRequests', enabled: true }, { category: 'PartitionKeyRUConsumption', enabled: true } ]
  }
}

resource throttled 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'throttled-${name}'
  location: 'global'
  properties: {
    description: 'Cosmos DB answers 429: more is asked of it than it may give.'
    severity: 3
    enabled: true
    scopes: [ account.id ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [ {
        criterionType: 'StaticThresholdCriterion'
        name: 'throttled'
        metricName: 'TotalRequests'
        dimensions: [ { name: 'StatusCode', operator: 'Include', values: [ '429' ] } ]
        timeAggregation: 'Count'
        operator: 'GreaterThan'
        threshold: 100
      } ]
    }
    actions: [ { actionGroupId: peopleToAlert } ]
  }
}

output Storage__CosmosEndpoint string = account.properties.documentEndpoint
output accountId string = account.id
output Storage__CosmosDatabase string = account::database.name
