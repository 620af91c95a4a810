// Asks from outside, every quarter of an hour and from five places, whether the program lives, and tells people when two of the places get no answer.
param name string
param location string
param address string
param insights string
param peopleToAlert string

// Names of places: https://learn.microsoft.com/previous-versions/azure/azure-monitor/app/monitor-web-app-availability#location-population-tags
var places = [ 'emea-nl-ams-azr', 'emea-gb-db3-azr', 'emea-ru-msa-edge', 'us-va-ash-azr', 'us-ca-sjc-azr' ]

resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'live-${name}'
  location: location
  tags: { 'hidden-link:${insights}': 'Resource' }
  kind: 'standard'
  properties: {
    SyntheticMonitorId: 'live-${name}'
    Name: 'live-${name}'
    Kind: 'standard'
    Enabled: true
    Frequency: 900
    Timeout: 60 // a program that sleeps may need half of it
    RetryEnabled: true
    Locations: [for place in places: { Id: place }]
    Request: { RequestUrl: '${address}/api/health/live', HttpVerb: 'GET', ParseDependentRequests: false }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 14
      ContentValidation: { ContentMatch: '"live":true', IgnoreCase: false, PassIfTextFound: true }
    }
  }
}

resource unreachable 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'unreachable-${name}'
  location: 'global'
  properties: {
    description: 'The site does not answer from at least two of five places.'
    severity: 1
    enabled: true
    scopes: [ test.id, insights ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT30M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: test.id
      componentId: insights
      failedLocationCount: 2
    }
    actions: [ { actionGroupId: peopleToAlert } ]
  }
}
