// Production without an address on the internet but Front Door's: docs/azure-private.md. Deploy it from a machine inside the network.
using '../main.bicep'

param name = readEnvironmentVariable('HEALTHEVAL_NAME', 'hevalpriv')
param webLocation = readEnvironmentVariable('HEALTHEVAL_WEB_LOCATION', 'westeurope')
param alertEmail = readEnvironmentVariable('HEALTHEVAL_ALERT_EMAIL', 'operators@example.org')
param monthlyBudget = 1000
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
param network = 'private'
