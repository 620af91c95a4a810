#!/bin/sh
# The private variant's sign-in and door, for infra/deploy.sh. Safe to repeat. Nothing secret is made: the application trusts the app's own identity.
#   infra/private.sh application GROUP [--only-ask]      names the application that people sign in with; makes it when there is none, unless only asked
#   infra/private.sh open GROUP APP ADDRESS             lets people come back to ADDRESS, the identity sign for it, and Front Door reach the app
set -eu
[ $# -ge 2 ] || { sed -n 's/^#   //p' "$0" >&2; exit 2; }
group=$2
id=$(az ad app list --display-name "HealthEval $group" --query "[0].appId" --output tsv)

if [ "$1" = application ]; then
  if [ -z "$id" ] && [ "${3-}" != --only-ask ]; then
    id=$(az ad app create --display-name "HealthEval $group" --sign-in-audience AzureADMyOrg --enable-id-token-issuance true --query appId --output tsv)
    az ad sp create --id "$id" --output none
  fi
  echo "$id"
  exit 0
fi

app=$3 address=$4
az ad app update --id "$id" --web-redirect-uris "$address/.auth/login/aad/callback"
identity=$(az identity list --resource-group "$group" --query "[?!starts_with(name, 'id-data-')].principalId | [0]" --output tsv)
if [ -z "$(az ad app federated-credential list --id "$id" --query "[?subject=='$identity'].id" --output tsv)" ]; then
  tenant=$(az account show --query tenantId --output tsv)
  az ad app federated-credential create --id "$id" --output none --parameters \
    "{\"name\":\"app\",\"issuer\":\"https://login.microsoftonline.com/$tenant/v2.0\",\"subject\":\"$identity\",\"audiences\":[\"api://AzureADTokenExchange\"]}"
fi

# Front Door asks for a connection to the app; whoever owns the app says yes, once.
for asked in $(az network private-endpoint-connection list --resource-group "$group" --name "$app" --type Microsoft.Web/sites \
  --query "[?properties.privateLinkServiceConnectionState.status=='Pending'].id" --output tsv); do
  az network private-endpoint-connection approve --id "$asked" --description "Front Door of HealthEval" --output none
done
