#!/bin/sh
# Brings documents back to a moment: beside what is there, never over it. Needs az (signed in as owner of the group) and the program (HEALTHEVAL=…).
#   infra/restore.sh GROUP TIME           makes a second account as it was then, such as 2026-11-30T06:00:00Z, checks it and says how long it took
#   infra/restore.sh --rehearse GROUP     the same for ten minutes ago, and removes the second account again: the quarterly exercise
#   infra/restore.sh --use GROUP ACCOUNT  lets the app work on an account that was looked at
set -eu
usage() { sed -n 's/^#   //p' "$0" >&2; exit 2; }
[ $# -ge 2 ] || usage
output() { az deployment group show --resource-group "$group" --name healtheval --query "properties.outputs.$1.value" --output tsv; }

if [ "$1" = --use ]; then
  [ $# -eq 3 ] || usage
  group=$2 app=$(output functionApp)
  endpoint=$(az cosmosdb show --resource-group "$group" --name "$3" --query documentEndpoint --output tsv)
  az functionapp config appsettings set --resource-group "$group" --name "$app" --settings "Storage__CosmosEndpoint=$endpoint" --output none
  az functionapp restart --resource-group "$group" --name "$app"
  echo "$app works on $3. Deploy with restoredAccount=$3 from now on, or the next deployment goes back to the old account."
  exit 0
fi

rehearse=false
if [ "$1" = --rehearse ]; then
  rehearse=true group=$2 time=$(date -u -d '10 minutes ago' +%FT%TZ)
else
  group=$1 time=$2
fi
was=$(output Storage__CosmosEndpoint | sed 's|https://||; s|\..*||')
new="$was-$(date -u +%m%d%H%M)"
region=$(az cosmosdb show --resource-group "$group" --name "$was" --query "locations[0].locationName" --output tsv)
keeper=$(az cosmosdb show --resource-group "$group" --name "$was" --query defaultIdentity --output tsv)
set --
case "$keeper" in UserAssignedIdentity=*) set -- --assign-identity "${keeper#*=}" --default-identity "$keeper" ;; esac
began=$(date +%s)
az cosmosdb restore --resource-group "$group" --account-name "$was" --target-database-account-name "$new" --restore-timestamp "$time" --location "$region" "$@" --output none

# Who may read it is not restored.
for who in "$(az identity list --resource-group "$group" --query "[?!starts_with(name, 'id-data-')].principalId | [0]" --output tsv)" "$(az ad signed-in-user show --query id --output tsv 2>/dev/null || true)"; do
  [ -z "$who" ] || az cosmosdb sql role assignment create --resource-group "$group" --account-name "$new" --scope / --principal-id "$who" \
    --role-definition-id 00000000-0000-0000-0000-000000000002 --output none # Cosmos DB Built-in Data Contributor
done
Storage__Kind=Azure
Storage__CosmosEndpoint=$(az cosmosdb show --resource-group "$group" --name "$new" --query documentEndpoint --output tsv)
Storage__CosmosDatabase=$(output Storage__CosmosDatabase)
Storage__BlobEndpoint=$(output Storage__BlobEndpoint)
Storage__BlobContainer=$(output Storage__BlobContainer)
export Storage__Kind Storage__CosmosEndpoint Storage__CosmosDatabase Storage__BlobEndpoint Storage__BlobContainer
sound=0
${HEALTHEVAL:-dotnet run --project "$(dirname "$0")/../api" --} check --json || sound=$?
echo "$new holds the documents as of $time; restored and checked in $((($(date +%s) - began) / 60)) minutes, check ended with $sound."
if [ "$rehearse" = true ]; then
  az cosmosdb delete --resource-group "$group" --name "$new" --yes --output none
  echo "The rehearsal's account is removed. Write the minutes down: they are your time to recover."
else
  echo "When somebody has looked at it: infra/restore.sh --use $group $new"
fi
exit "$sound"
