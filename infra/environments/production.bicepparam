// A hospital's: three zones, 30 days of restore, keys of its own, held reports, who read what for seven years, locks, a probe. docs/azure-costs.md prices each.
using '../main.bicep'

param name = readEnvironmentVariable('HEALTHEVAL_NAME', 'hevalprod')
param webLocation = readEnvironmentVariable('HEALTHEVAL_WEB_LOCATION', 'westeurope')
param alertEmail = readEnvironmentVariable('HEALTHEVAL_ALERT_EMAIL', 'operators@example.org')
param monthlyBudget = 600
param premium = true
param cosmosMode = 'autoscale'
param cosmosMaxThroughput = 4000
param zoneRedundant = true
param restoreDays = 30
param locked = true
param diagnosticDays = 400
param archiveDays = 2556
param customerKeys = true
param reportsHeldDays = 2556
param probe = true
