// Customers' files, receipts and reports; the queues of work to be continued; the program's own packages.
@minLength(3)
@maxLength(20)
param name string
param location string
param principalId string
param peopleToAlert string
@allowed([ 'blobTrigger', 'queue' ])
param intake string
param zoneRedundant bool
param locked bool
param keeperId string
param vaultUri string
param holdReports bool
@description('No address of it can be reached from the internet; of Microsoft\'s services only those it trusts, such as Event Grid.')
param closed bool
param existingSystemTopic string
param logs string

var roles = {
  blobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // Storage Blob Data Owner: what the Functions host asks for its own containers
  blobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' // Storage Blob Data Contributor
  queueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // Storage Queue Data Contributor
  tableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor: the host writes its diagnostic events there
  queueMessageSender: 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a' // Storage Queue Data Message Sender
}

// Queues and tables have the customer's key only if they had it from the first day on.
var whole = { enabled: true, keyType: 'Account' }
var encryption = {
  keySource: 'Microsoft.Keyvault'
  identity: { userAssignedIdentity: keeperId }
  keyvaultproperties: { keyname: 'data', keyvaulturi: vaultUri }
  services: { blob: whole, file: whole, queue: whole, table: whole }
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: 'st${name}'
  location: location
  kind: 'StorageV2'
  sku: { name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS' }
  identity: empty(keeperId) ? { type: 'None' } : { type: 'UserAssigned', userAssignedIdentities: { '${keeperId}': {} } }
  properties: union(empty(keeperId) ? {} : { encryption: encryption }, closed ? { publicNetworkAccess: 'Disabled', networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' } } : {}, {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    sasPolicy: { sasExpirationPeriod: '00.02:00:00', expirationAction: 'Block' } // the program's own links live for an hour at most
  })

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: 30 }
      containerDeleteRetentionPolicy: { enabled: true, days: 30 }
      isVersioningEnabled: true
    }

    resource files 'containers' = {
      name: 'healtheval'
      // Lets the program hold the versions of finished reports (Storage__HoldReports). A container has this from its first day on, or after a migration.
      properties: union({ publicAccess: 'None' }, holdReports ? { immutableStorageWithVersioning: { enabled: true } } : {})
    }

    resource packages 'containers' = {
      name: 'packages'
      properties: { publicAccess: 'None' }
    }

    resource undelivered 'containers' = {
      name: 'undelivered-events'
      properties: { publicAccess: 'None' }
    }
  }

  resource queues 'queueServices' = {
    name: 'default'

    resource drops 'queues' = {
      name: 'drops'
    }

    resource poison 'queues' = {
      name: 'drops-poison'
    }

    resource reports 'queues' = {
      name: 'reports'
    }

    resource reportsPoison 'queues' = {
      name: 'reports-poison'
    }
  }

  resource lifecycle 'managementPolicies' = {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'cool-old-drops'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: [ 'blockBlob' ], prefixMatch: [ 'healtheval/drop/' ] }
              actions: { baseBlob: { tierToCool: { daysAfterModificationGreaterThan: 60 }, tierToCold: { daysAfterModificationGreaterThan: 180 } } }
            }
          }
          {
            name: 'cool-old-reports'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: [ 'blockBlob' ], prefixMatch: [ 'healtheval/reports/' ] }
              actions: { baseBlob: { tierToCool: { daysAfterModificationGreaterThan: 180 } } }
            }
          }
          {
            name: 'forget-old-versions'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: [ 'blockBlob' ] }
              actions: { version: { delete: { daysAfterCreationGreaterThan: 90 } } }
            }
          }
          {
            name: 'forget-undelivered-events'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: [ 'blockBlob' ], prefixMatch: [ 'undelivered-events/' ] }
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 90 } } }
            }
          }
        ]
      }
    }
  }
}

// A new file in drop/ is an event. Intake = queue: it becomes a message in the queue, sent as the topic's own identity. Intake = blobTrigger: the host
// is called, at an address with a key that exists only after the first deployment, so infra/subscribe.sh makes that subscription.
// What cannot be delivered within a day is kept, and the hourly sweep loads it anyway.
resource made 'Microsoft.EventGrid/systemTopics@2025-02-15' = if (empty(existingSystemTopic)) {
  name: 'evgt-${name}'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: { source: account.id, topicType: 'Microsoft.Storage.StorageAccounts' }
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: empty(existingSystemTopic) ? 'evgt-${name}' : existingSystemTopic
}

resource toQueue 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = if (intake == 'queue') {
  parent: topic
  name: 'drops'
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    deliveryWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      destination: { endpointType: 'StorageQueue', properties: { resourceId: account.id, queueName: 'drops', queueMessageTimeToLiveInSeconds: 604800 } }
    }
    deadLetterWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      deadLetterDestination: { endpointType: 'StorageBlob', properties: { resourceId: account.id, blobContainerName: 'undelivered-events' } }
    }
    filter: {
      includedEventTypes: [ 'Microsoft.Storage.BlobCreated' ]
      subjectBeginsWith: '/blobServices/default/containers/healtheval/blobs/drop/'
    }
    retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }
  }
  dependsOn: [ made, topicMaySend, topicMayKeep ]
}

resource topicMaySend 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (intake == 'queue') {
  name: guid(account.id, topic.id, roles.queueMessageSender)
  scope: account::queues::drops
  properties: { principalId: empty(existingSystemTopic) ? made!.identity.principalId : topic!.identity.principalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.queueMessageSender) }
}

resource topicMayKeep 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, topic.id, roles.blobDataContributor)
  scope: account::blobs::undelivered
  properties: { principalId: empty(existingSystemTopic) ? made!.identity.principalId : topic!.identity.principalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobDataContributor) }
}

resource programMayUse 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in [ roles.blobDataOwner, roles.queueDataContributor, roles.tableDataContributor ]: {
  name: guid(account.id, principalId, role)
  scope: account
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role) }
}]

resource undeliveredAlert 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'undelivered-events-${name}'
  location: 'global'
  properties: {
    description: 'Event Grid could not bring events to the queue for a day. The hourly sweep loads the files.'
    severity: 2
    enabled: true
    scopes: [ topic.id ]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [ { criterionType: 'StaticThresholdCriterion', name: 'dead-lettered', metricName: 'DeadLetteredCount', timeAggregation: 'Total', operator: 'GreaterThan', threshold: 0 } ]
    }
    actions: [ { actionGroupId: peopleToAlert } ]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  name: 'files-stay'
  scope: account
  properties: { level: 'CanNotDelete', notes: 'Customers\' files and every delivered report lie here.' }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(logs)) {
  name: 'to-logs'
  scope: account::blobs
  properties: {
    workspaceId: logs
    logs: [ { category: 'StorageRead', enabled: true }, { category: 'StorageWrite', enabled: true }, { category: 'StorageDelete', enabled: true } ]
  }
}

resource eventDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(logs) && empty(existingSystemTopic)) {
  name: 'to-logs'
  scope: made
  properties: { workspaceId: logs, logs: [ { category: 'DeliveryFailures', enabled: true } ] }
}

output topic string = topic.name
output account string = account.name
output accountId string = account.id
output packageContainer string = '${account.properties.primaryEndpoints.blob}packages'
output Storage__BlobEndpoint string = account.properties.primaryEndpoints.blob
output Storage__BlobContainer string = account::blobs::files.name
