// The key that reports are signed with. It never leaves the vault; the program may ask for signatures and read the public half, and nothing else.
@minLength(3)
@maxLength(20)
param name string
param location string
param principalId string

var cryptoUser = '12338af0-0e69-4776-bea7-57ae8d297424' // Key Vault Crypto User

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: 'kv-${name}'
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true // reports that were delivered must be verifiable for as long as somebody keeps them
  }

  resource key 'keys' = {
    name: 'reports'
    properties: { kty: 'EC', curveName: 'P-256', keyOps: [ 'sign', 'verify' ] }
  }
}

resource programMaySign 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, cryptoUser)
  scope: vault
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', cryptoUser) }
}

output Reports__SigningKey string = '${vault.properties.vaultUri}keys/${vault::key.name}'
