#!/bin/sh
# Lets people of this tenant alone sign in: an application of the tenant that the site names as its identity provider. Safe to repeat; a new secret is made
# only when the site has none, or with --new-secret (it lives for a year: docs/operations.md, what carries a key).
#   infra/sign-in.sh GROUP WEB_APP CONFIG_FILE [--new-secret]
set -eu
[ $# -ge 3 ] || { sed -n 's/^#   //p' "$0" >&2; exit 2; }
group=$1 web=$2 config=$3
tenant=$(az account show --query tenantId --output tsv)
host=$(az staticwebapp show --resource-group "$group" --name "$web" --query defaultHostname --output tsv)
callback="https://$host/.auth/login/aad/callback"

id=$(az ad app list --display-name "HealthEval $web" --query "[0].appId" --output tsv)
if [ -z "$id" ]; then
  id=$(az ad app create --display-name "HealthEval $web" --sign-in-audience AzureADMyOrg --web-redirect-uris "$callback" --enable-id-token-issuance true --query appId --output tsv)
  az ad sp create --id "$id" --output none
fi

known=$(az staticwebapp appsettings list --resource-group "$group" --name "$web" --query "properties.SIGN_IN_CLIENT_SECRET" --output tsv 2>/dev/null || true)
if [ -z "$known" ] || [ "${4-}" = --new-secret ]; then
  secret=$(az ad app credential reset --id "$id" --append --display-name site --years 1 --query password --output tsv)
  az staticwebapp appsettings set --resource-group "$group" --name "$web" --setting-names "SIGN_IN_CLIENT_ID=$id" "SIGN_IN_CLIENT_SECRET=$secret" --output none
fi

sed "s|/TENANT/|/$tenant/|" "$config" > "$config.new" && mv "$config.new" "$config"
