// Traces, the alerts that somebody must act on, and a budget.
param name string
param location string
param alertEmail string
param monthlyBudget int
param budgetStart string
param principalId string

var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher

// The message texts are those that the program logs; a test holds the two together.
var alerts = [
  { name: 'batch-given-up', severity: 2, window: 'PT15M', query: 'traces | where message has "was given up after all tries"' }
  { name: 'batch-failed', severity: 3, window: 'PT15M', query: 'traces | where message has "Batch" and message has ": failed,"' }
  { name: 'storage-silent', severity: 1, window: 'PT15M', query: 'traces | where message has "Storage does not answer"' }
  { name: 'server-errors', severity: 2, window: 'PT15M', query: 'requests | where toint(resultCode) >= 500 | summarize n = count() | where n > 5' }
  { name: 'report-overdue', severity: 2, window: 'P1D', query: 'requests | where name == "CompileWeeklyReports" and success == false' }
]

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-${name}'
  location: location
  properties: { sku: { name: 'PerGB2018' }, retentionInDays: 90, features: { disableLocalAuth: true } }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${name}'
  location: location
  kind: 'web'
  properties: { Application_Type: 'web', WorkspaceResourceId: logs.id, DisableLocalAuth: true }
}

resource programMayReport 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, principalId, metricsPublisher)
  scope: insights
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher) }
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
  location: 'global'
  properties: { groupShortName: name, enabled: true, emailReceivers: [ { name: 'operators', emailAddress: alertEmail, useCommonAlertSchema: true } ] }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-03-15-preview' = [for alert in alerts: {
  name: '${alert.name}-${name}'
  location: location
  properties: {
    severity: alert.severity
    enabled: true
    scopes: [ insights.id ]
    evaluationFrequency: alert.window
    windowSize: alert.window
    criteria: { allOf: [ { query: alert.query, timeAggregation: 'Count', operator: 'GreaterThan', threshold: 0 } ] }
    actions: { actionGroups: [ people.id ] }
    autoMitigate: true
  }
}]

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: 'budget-${name}'
  properties: {
    category: 'Cost'
    amount: monthlyBudget
    timeGrain: 'Monthly'
    timePeriod: { startDate: budgetStart }
    notifications: {
      almost: { enabled: true, operator: 'GreaterThan', threshold: 80, contactEmails: [ alertEmail ], thresholdType: 'Actual' }
      expected: { enabled: true, operator: 'GreaterThan', threshold: 110, contactEmails: [ alertEmail ], thresholdType: 'Forecasted' }
    }
  }
}

output connectionString string = insights.properties.ConnectionString
