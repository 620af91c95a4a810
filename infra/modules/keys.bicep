// The vault and its keys. The one that reports are signed with never leaves it: the program may ask for signatures and read the public half, and nothing
// else. With customerKeys also one that the services encrypt their files and documents with, as an identity of their own that the program does not have.
@minLength(3)
@maxLength(20)
param name string
param location string
param principalId string
param customerKeys bool
param logs string
param closed bool

var roles = {
  cryptoUser: '12338af0-0e69-4776-bea7-57ae8d297424' // Key Vault Crypto User
  encryptionUser: 'e147488a-f6f5-4113-8e2d-b22465e65bf6' // Key Vault Crypto Service Encryption User
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: 'kv-${name}'
  location: location
  properties: union(closed ? { publicNetworkAccess: 'Disabled', networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' } } : {}, {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true // reports that were delivered must be verifiable for as long as somebody keeps them, and without its key an account is lost
  })

  resource key 'keys' = {
    name: 'reports'
    properties: { kty: 'EC', curveName: 'P-256', keyOps: [ 'sign', 'verify' ] }
  }

  resource data 'keys' = if (customerKeys) {
    name: 'data'
    properties: {
      kty: 'RSA'
      keySize: 3072
      keyOps: [ 'wrapKey', 'unwrapKey' ]
      rotationPolicy: {
        attributes: { expiryTime: 'P2Y' }
        lifetimeActions: [ { trigger: { timeAfterCreate: 'P1Y' }, action: { type: 'rotate' } } ]
      }
    }
  }
}

resource programMaySign 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, 'reports', principalId, roles.cryptoUser)
  scope: vault::key
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.cryptoUser) }
}

resource keeper 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = if (customerKeys) {
  name: 'id-data-${name}'
  location: location
}

resource keeperMayEncrypt 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (customerKeys) {
  name: guid(vault.id, 'data', roles.encryptionUser)
  scope: vault::data
  properties: { principalId: keeper!.properties.principalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.encryptionUser) }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(logs)) {
  name: 'to-logs'
  scope: vault
  properties: { workspaceId: logs, logAnalyticsDestinationType: 'Dedicated', logs: [ { categoryGroup: 'audit', enabled: true } ] }
}

output Reports__SigningKey string = '${vault.properties.vaultUri}keys/${vault::key.name}'
output vaultId string = vault.id
output vaultUri string = vault.properties.vaultUri
@description('Empty: the services encrypt with keys of their own.')
output keeperId string = customerKeys ? keeper.id : ''
