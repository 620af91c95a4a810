#!/bin/sh
# Makes or updates everything, without azd. Needs: az (signed in as owner of the subscription), the .NET SDK, Node.js.
#   infra/deploy.sh NAME REGION WEB_REGION ALERT_EMAIL [PARAMETER=VALUE…]     for example premium=true intake=queue
#   infra/deploy.sh NAME REGION WEB_REGION ALERT_EMAIL infra/environments/ENVIRONMENT.bicepparam [PARAMETER=VALUE…]
#   infra/deploy.sh --gate NAME REGION WEB_REGION ALERT_EMAIL […]             what would change; ends with 3 if it touches what holds data
#   infra/deploy.sh --dry-run NAME REGION WEB_REGION ALERT_EMAIL […]          what would change; makes nothing but the empty group
#   infra/deploy.sh --package VERSION NAME REGION WEB_REGION ALERT_EMAIL […]  runs a package that is there already: roll back
set -eu
usage() { sed -n 's/^#   //p' "$0" >&2; exit 2; }
stop() { echo "$1" >&2; exit 2; }
dry=false gate=false version=
case "${1-}" in
--dry-run) dry=true; shift ;;
--gate) gate=true; shift ;;
--package) version=${2-}; [ -n "$version" ] || usage; shift 2 ;;
esac
[ $# -ge 4 ] || usage
name=$1 region=$2 webRegion=$3 email=$4
shift 4
case "$name" in
[!a-z]* | *[!a-z0-9]* | ? | ?? | ?????????????*) stop "NAME: 3 to 12 lower-case letters and digits, a letter first; '$name' is not." ;;
esac
cd "$(dirname "$0")/.."
group="rg-$name"
environment=
case "${1-}" in
*.bicepparam) environment=$1; shift; [ -f "$environment" ] || stop "There is no $environment." ;;
esac
# What a deployment says: its own words first, then the environment's, then the template's.
says() { # PARAMETER DEFAULT
  case " $given " in
  *" $1="*) echo " $given" | sed "s/.* $1=\([^ ]*\).*/\1/" ;;
  *) { [ -z "$environment" ] || sed -n "s/^param $1 = '\{0,1\}\([^' ]*\).*/\1/p" "$environment"; } | grep . || echo "$2" ;;
  esac
}
given=$*
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT

# What a template can neither know nor change: the month of the first deployment, a topic made by somebody else, how the documents are paid for.
ask() { az "$@" --output tsv 2>/dev/null || true; }
budgetStart=$(ask consumption budget list --resource-group "$group" --query "[0].timePeriod.startDate" | cut -c1-10)
account=$(ask cosmosdb list --resource-group "$group" --query "[0].capabilities[].name")
wanted=$(says cosmosMode serverless)
premium=$(says premium false)
network=$(says network public)
if [ -n "$(ask cosmosdb list --resource-group "$group" --query "[0].name")" ]; then
  case "$account" in *EnableServerless*) is=serverless ;; *) is=autoscale ;; esac
  [ "$is" = "$wanted" ] || stop "The documents lie in an account that is $is. Say cosmosMode=$is, or move first: docs/operations.md, 'moving from serverless to autoscale'."
fi
files=$(ask storage account list --resource-group "$group" --query "[0].id")
topic=$([ -z "$files" ] || ask eventgrid system-topic list --query "[?source=='$files'].name | [0]")
case "$topic" in "" | evgt-*) topic= ;; esac
rollback=true
[ -n "$version" ] || { rollback=false; version=$(date -u +%Y%m%d%H%M%S)-$(git rev-parse --short HEAD 2>/dev/null || echo local); }
package="app-$version.zip"
set -- "name=$name" "webLocation=$webRegion" "alertEmail=$email" "budgetStart=${budgetStart:-$(date -u +%Y-%m-01)}" "existingSystemTopic=$topic" "package=$package" "$@"

# Private: people sign in with an application of the tenant that trusts the app's own identity; the template needs to know which.
if [ "$network" = private ]; then
  asked=
  [ "$dry$gate" = falsefalse ] || asked=--only-ask
  set -- "signInClientId=$(infra/private.sh application "$group" $asked)" "$@"
fi

# An environment's file names the template itself and asks for what only a deployment knows.
export HEALTHEVAL_NAME="$name" HEALTHEVAL_WEB_LOCATION="$webRegion" HEALTHEVAL_ALERT_EMAIL="$email"
if [ -n "$environment" ]; then set -- --parameters "$environment" "$@"; else set -- --template-file infra/main.bicep --parameters "$@"; fi

holdsData="changes[?changeType=='Delete' || (changeType=='Modify' && (contains(resourceId, 'Microsoft.DocumentDB') || contains(resourceId, 'Microsoft.Storage') || contains(resourceId, 'Microsoft.KeyVault')))].resourceId"
if [ "$dry" = true ] || [ "$gate" = true ]; then
  az group create --name "$group" --location "$region" --output none
  [ "$gate" = true ] || exec az deployment group what-if --resource-group "$group" "$@"
  az deployment group what-if --resource-group "$group" "$@"
  touched=$(az deployment group what-if --resource-group "$group" --no-pretty-print --query "$holdsData" --output tsv "$@")
  [ -z "$touched" ] || { echo "This would change or delete what holds data; look at it above, and then deploy by hand:" >&2; echo "$touched" >&2; exit 3; }
  exit 0
fi

# Built first: what does not build changes nothing on Azure.
npm --prefix web ci --no-audit --no-fund
npm --prefix web run build
if [ "$rollback" = false ]; then
  withForm=false
  [ "$network" != private ] || withForm=true # there is no other site to serve it
  dotnet publish api -c Release -p:SkipWeb=true "-p:WithForm=$withForm" -o "$built/program" "-p:PackageFile=$built/app.zip"
fi

az group create --name "$group" --location "$region" --output none
az deployment group create --resource-group "$group" --name healtheval "$@" --output none
output() { az deployment group show --resource-group "$group" --name healtheval --query "properties.outputs.$1.value" --output tsv; }
app=$(output functionApp)
web=$(output webApp)
account=$(output storageAccount)

# Every version stays in the container. Reading and writing there needs the role Storage Blob Data Contributor.
if [ "$rollback" = false ]; then
  az storage blob upload --auth-mode login --account-name "$account" --container-name packages --name "$package" --file "$built/app.zip" --output none
else
  az storage blob download --auth-mode login --account-name "$account" --container-name packages --name "$package" --file "$built/app.zip" --output none
fi
case "$premium" in
true) az functionapp restart --resource-group "$group" --name "$app" ;; # it runs the package that the setting names
*) az functionapp deployment source config-zip --resource-group "$group" --name "$app" --src "$built/app.zip" --output none ;;
esac

if [ "$network" = private ]; then
  infra/private.sh open "$group" "$app" "$(output webAddress)"
  echo "Ready: $(output webAddress)   package $package   now, from outside: infra/smoke.sh $group $(output webAddress)"
  exit 0
fi

cp -r web/dist "$built/site"
infra/sign-in.sh "$group" "$web" "$built/site/staticwebapp.config.json"
SWA_CLI_DEPLOYMENT_TOKEN=$(az staticwebapp secrets list --resource-group "$group" --name "$web" --query properties.apiKey --output tsv)
export SWA_CLI_DEPLOYMENT_TOKEN
npx --yes @azure/static-web-apps-cli@2.0.10 deploy "$built/site" --env production
infra/subscribe.sh "$group" "$app" "$(output systemTopic)" "$(output intake)" "$account"

echo "Ready: $(output webAddress)   package $package   now: infra/smoke.sh $group $(output webAddress)"
