// The private variant's one way in: Front Door with its firewall, which reaches the app over Private Link. The app serves form and API, and signs people in.
param name string
param location string
param functionApp string
@description('The application of the tenant that people sign in with (infra/private.sh). Empty: nobody can sign in yet.')
param signInClientId string
param networkId string
param doorSubnet string
param logs string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionApp
}

// The program refuses whoever is nobody, so the form, the health routes and programs with a token need no exception. No secret: the application trusts the
// app's own identity (https://learn.microsoft.com/azure/app-service/configure-authentication-provider-aad).
resource signIn 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: true }
    globalValidation: { requireAuthentication: false, unauthenticatedClientAction: 'AllowAnonymous' }
    httpSettings: { requireHttps: true, forwardProxy: { convention: 'Standard' } } // people come back to Front Door's address, not to the app's
    login: { tokenStore: { enabled: false } }
    identityProviders: empty(signInClientId) ? {} : {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: signInClientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID' // a setting of the app that holds its identity's id
        }
      }
    }
  }
}

// For whoever deploys, from a machine inside.
resource inside 'Microsoft.Network/privateEndpoints@2025-01-01' = {
  name: 'pe-app-${name}'
  location: location
  properties: {
    subnet: { id: doorSubnet }
    privateLinkServiceConnections: [ { name: 'app', properties: { privateLinkServiceId: app.id, groupIds: [ 'sites' ] } } ]
  }

  resource names 'privateDnsZoneGroups' = {
    name: 'default'
    properties: { privateDnsZoneConfigs: [ { name: 'app', properties: { privateDnsZoneId: zone.id } } ] }
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.azurewebsites.net'
  location: 'global'

  resource link 'virtualNetworkLinks' = {
    name: 'inside'
    location: 'global'
    properties: { registrationEnabled: false, virtualNetwork: { id: networkId } }
  }
}

resource door 'Microsoft.Cdn/profiles@2025-06-01' = {
  name: 'afd-${name}'
  location: 'global'
  sku: { name: 'Premium_AzureFrontDoor' } // the only one with Private Link and managed rules
  properties: { originResponseTimeoutSeconds: 240 }

  resource endpoint 'afdEndpoints' = {
    name: 'healtheval-${name}'
    location: 'global'
    properties: { enabledState: 'Enabled' }

    resource api 'routes' = {
      name: 'api'
      properties: {
        originGroup: { id: group.id }
        patternsToMatch: [ '/api/*', '/.auth/*' ]
        supportedProtocols: [ 'Http', 'Https' ]
        httpsRedirect: 'Enabled'
        forwardingProtocol: 'HttpsOnly'
        linkToDefaultDomain: 'Enabled'
      }
      dependsOn: [ group::program ]
    }

    // The app serves the form below /api/form, where the Functions host lets everything through; people see it at /.
    resource form 'routes' = {
      name: 'form'
      properties: {
        originGroup: { id: group.id }
        originPath: '/api/form/'
        patternsToMatch: [ '/*' ]
        supportedProtocols: [ 'Http', 'Https' ]
        httpsRedirect: 'Enabled'
        forwardingProtocol: 'HttpsOnly'
        linkToDefaultDomain: 'Enabled'
      }
      dependsOn: [ group::program, api ]
    }
  }

  resource group 'originGroups' = {
    name: 'program'
    properties: {
      loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 2 }
      healthProbeSettings: { probePath: '/api/health/live', probeRequestType: 'GET', probeProtocol: 'Https', probeIntervalInSeconds: 100 }
    }

    resource program 'origins' = {
      name: 'program'
      properties: {
        hostName: app.properties.defaultHostName
        originHostHeader: app.properties.defaultHostName
        httpsPort: 443
        priority: 1
        weight: 1000
        enforceCertificateNameCheck: true
        sharedPrivateLinkResource: { privateLink: { id: app.id }, groupId: 'sites', privateLinkLocation: location, requestMessage: 'Front Door of HealthEval' }
      }
    }
  }

  resource guarded 'securityPolicies' = {
    name: 'firewall'
    properties: {
      parameters: {
        type: 'WebApplicationFirewall'
        wafPolicy: { id: firewall.id }
        associations: [ { domains: [ { id: endpoint.id } ], patternsToMatch: [ '/*' ] } ]
      }
    }
  }
}

resource firewall 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies@2024-02-01' = {
  name: 'waf${name}'
  location: 'global'
  sku: { name: 'Premium_AzureFrontDoor' }
  properties: {
    policySettings: { enabledState: 'Enabled', mode: 'Prevention', requestBodyCheck: 'Enabled' }
    managedRules: {
      managedRuleSets: [
        {
          ruleSetType: 'Microsoft_DefaultRuleSet'
          ruleSetVersion: '2.1'
          ruleSetAction: 'Block'
          // What people write about an answer (and the answers themselves) may look like anything. The program parses JSON, and builds no command of it.
          exclusions: [ { matchVariable: 'RequestBodyJsonArgNames', selectorMatchOperator: 'EqualsAny', selector: '*' } ]
        }
        { ruleSetType: 'Microsoft_BotManagerRuleSet', ruleSetVersion: '1.1' }
      ]
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(logs)) {
  name: 'to-logs'
  scope: door
  properties: { workspaceId: logs, logs: [ { category: 'FrontDoorAccessLog', enabled: true }, { category: 'FrontDoorWebApplicationFirewallLog', enabled: true } ] }
}

output address string = 'https://${door::endpoint.properties.hostName}'
