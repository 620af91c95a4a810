// Traces, the alerts that somebody must act on, and a budget. docs/operations.md says what to do about each.
param name string
@maxLength(12)
param shortName string
param location string
param alertEmail string
param monthlyBudget int
param budgetStart string
param diagnosticDays int
param archiveDays int
param principalId string

var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher

// The texts are those that the program logs, the names those of the functions; a test holds them together.
var alerts = [
  { name: 'batch-failed', severity: 3, every: 'PT15M', over: 'PT15M', query: 'traces | where message contains ": failed,"' }
  { name: 'poison-message', severity: 2, every: 'PT15M', over: 'PT15M', query: 'requests | where name endswith "Poison"' }
  { name: 'report-failed', severity: 2, every: 'PT15M', over: 'PT15M', query: 'traces | where message contains "could not be compiled" | project timestamp | union (requests | where name == "CompileWeeklyReports" and success == false | project timestamp)' }
  // On a Tuesday: nobody compiled the weekly reports on Monday, because the app did not run.
  { name: 'report-overdue', severity: 2, every: 'P1D', over: 'P2D', query: 'requests | where name == "CompileWeeklyReports" and success == true | summarize n = count() | where n == 0 and dayofweek(now()) == 2d' }
  { name: 'storage-silent', severity: 1, every: 'PT15M', over: 'PT15M', query: 'traces | where message contains "Storage does not answer"' }
  // Not even the hourly sweep.
  { name: 'no-traffic', severity: 1, every: 'PT1H', over: 'PT3H', query: 'requests | summarize n = count() | where n == 0' }
  { name: 'queue-age', severity: 2, every: 'PT1H', over: 'PT1H', query: 'traces | where message contains "dropped files have waited"' }
  { name: 'server-errors', severity: 2, every: 'PT15M', over: 'PT15M', query: 'requests | where isnotempty(resultCode) | summarize failed = countif(toint(resultCode) >= 500), n = count() | where failed > 5 and failed * 100 > n' }
]

resource logs 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: 'log-${name}'
  location: location
  properties: { sku: { name: 'PerGB2018' }, retentionInDays: max(90, diagnosticDays), features: { disableLocalAuth: true } }
}

// Who read, wrote and deleted what, for longer than anybody looks at it every day.
resource archived 'Microsoft.OperationalInsights/workspaces/tables@2025-07-01' = [for table in archiveDays == 0 || diagnosticDays == 0 ? [] : [ 'CDBDataPlaneRequests', 'CDBControlPlaneRequests', 'StorageBlobLogs', 'AZKVAuditLogs' ]: {
  parent: logs
  name: table
  properties: { retentionInDays: max(90, diagnosticDays), totalRetentionInDays: archiveDays }
}]

// Who looked at them.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (diagnosticDays > 0) {
  name: 'to-logs'
  scope: logs
  properties: { workspaceId: logs.id, logs: [ { category: 'Audit', enabled: true } ] }
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
  properties: { groupShortName: shortName, enabled: true, emailReceivers: [ { name: 'operators', emailAddress: alertEmail, useCommonAlertSchema: true } ] }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for alert in alerts: {
  name: '${alert.name}-${name}'
  location: location
  properties: {
    severity: alert.severity
    enabled: true
    scopes: [ insights.id ]
    evaluationFrequency: alert.every
    windowSize: alert.over
    skipQueryValidation: true // the tables are made by the first traces
    criteria: { allOf: [ { query: alert.query, timeAggregation: 'Count', operator: 'GreaterThan', threshold: 0 } ] }
    actions: { actionGroups: [ people.id ] }
    autoMitigate: alert.every != 'P1D' // a daily rule cannot be
  }
}]

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = if (!empty(budgetStart)) {
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
output people string = people.id
output logs string = logs.id
output insights string = insights.id
