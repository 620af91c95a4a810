// The private variant: a network in which the app lives, and doors in it to documents, files, queues and the vault, which have none to the outside.
param name string
param location string
param premium bool
param storageId string
param cosmosId string
param vaultId string

var doors = [
  { name: 'documents', id: cosmosId, group: 'Sql', zone: 'privatelink.documents.azure.com' }
  { name: 'files', id: storageId, group: 'blob', zone: 'privatelink.blob.${environment().suffixes.storage}' }
  { name: 'queues', id: storageId, group: 'queue', zone: 'privatelink.queue.${environment().suffixes.storage}' }
  { name: 'tables', id: storageId, group: 'table', zone: 'privatelink.table.${environment().suffixes.storage}' } // the Functions host's own
  { name: 'keys', id: vaultId, group: 'vault', zone: 'privatelink.vaultcore.azure.net' }
]

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: 'vnet-${name}'
  location: location
  properties: {
    addressSpace: { addressPrefixes: [ '10.20.0.0/22' ] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.20.0.0/24'
          delegations: [ { name: 'app', properties: { serviceName: premium ? 'Microsoft.Web/serverFarms' : 'Microsoft.App/environments' } } ]
        }
      }
      {
        name: 'doors'
        properties: { addressPrefix: '10.20.1.0/24', privateEndpointNetworkPolicies: 'Enabled' }
      }
    ]
  }

  resource app 'subnets' existing = { name: 'app' }
  resource inside 'subnets' existing = { name: 'doors' }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for door in doors: {
  name: door.zone
  location: 'global'
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (door, at) in doors: {
  parent: zones[at]
  name: 'inside'
  location: 'global'
  properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
}]

resource endpoints 'Microsoft.Network/privateEndpoints@2025-01-01' = [for door in doors: {
  name: 'pe-${door.name}-${name}'
  location: location
  properties: {
    subnet: { id: network::inside.id }
    privateLinkServiceConnections: [ { name: door.name, properties: { privateLinkServiceId: door.id, groupIds: [ door.group ] } } ]
  }
}]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-01-01' = [for (door, at) in doors: {
  parent: endpoints[at]
  name: 'default'
  properties: { privateDnsZoneConfigs: [ { name: door.name, properties: { privateDnsZoneId: zones[at].id } } ] }
}]

output appSubnet string = network::app.id
output doorSubnet string = network::inside.id
output networkId string = network.id
