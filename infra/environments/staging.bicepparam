// Like production where it matters for a test (autoscale, the log of who read what), and small.
using '../main.bicep'

param name = readEnvironmentVariable('HEALTHEVAL_NAME', 'hevalstage')
param webLocation = readEnvironmentVariable('HEALTHEVAL_WEB_LOCATION', 'westeurope')
param alertEmail = readEnvironmentVariable('HEALTHEVAL_ALERT_EMAIL', 'operators@example.org')
param monthlyBudget = 100
param cosmosMode = 'autoscale'
param diagnosticDays = 90
