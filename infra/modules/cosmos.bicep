// Documents. The containers, their keys and indexes are those of api/Storage/DocumentKind.cs; a test holds the two together.
param name string
param location string
param principalId string
param maxThroughput int

var containers = [
  {
    name: 'catalog'
    included: [ '/kind', '/projectId', '/scope', '/documentId', '/body/receivedAt' ]
    orders: [
      [ '/kind', '/scope', '/documentId' ]
      [ '/kind', '/body/receivedAt', '/scope', '/documentId' ]
    ]
  }
  {
    name: 'work'
    included: [ '/kind', '/projectId', '/scope', '/documentId', '/body/batchId', '/body/at', '/body/state', '/body/line', '/body/lane', '/body/openRank', '/body/nextExpiry', '/body/submittedAt', '/body/rater', '/body/number', '/body/action', '/body/by' ]
    orders: [
      [ '/kind', '/scope', '/documentId' ]
      [ '/kind', '/body/batchId', '/body/at', '/scope', '/documentId' ]
      [ '/kind', '/body/batchId', '/body/state', '/body/line', '/scope', '/documentId' ]
      [ '/kind', '/body/lane', '/body/openRank', '/scope', '/documentId' ]
      [ '/kind', '/body/lane', '/body/nextExpiry', '/scope', '/documentId' ]
      [ '/kind', '/body/submittedAt', '/scope', '/documentId' ]
      [ '/kind', '/body/rater', '/body/submittedAt', '/scope', '/documentId' ]
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
  properties: {
    databaseAccountOfferType: 'Standard'
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    locations: [ { locationName: location, failoverPriority: 0 } ]
    // A claim written by one instance must be seen by the next request, whichever instance takes it.
    consistencyPolicy: { defaultConsistencyLevel: 'Strong' }
    capabilities: maxThroughput == 0 ? [ { name: 'EnableServerless' } ] : []
    backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: 'Continuous7Days' } }
  }

  resource database 'sqlDatabases' = {
    name: 'healtheval'
    properties: {
      resource: { id: 'healtheval' }
      options: maxThroughput == 0 ? {} : { autoscaleSettings: { maxThroughput: maxThroughput } }
    }

    resource container 'containers' = [for container in containers: {
      name: container.name
      properties: {
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

output Storage__CosmosEndpoint string = account.properties.documentEndpoint
output Storage__CosmosDatabase string = account::database.name
