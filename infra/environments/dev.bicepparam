// To try things: the cheapest of everything, a week of restore, nothing locked. infra/deploy.sh fills in what only a deployment knows.
using '../main.bicep'

param name = readEnvironmentVariable('HEALTHEVAL_NAME', 'hevaldev')
param webLocation = readEnvironmentVariable('HEALTHEVAL_WEB_LOCATION', 'westeurope')
param alertEmail = readEnvironmentVariable('HEALTHEVAL_ALERT_EMAIL', 'operators@example.org')
param monthlyBudget = 30
