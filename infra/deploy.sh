#!/bin/sh
# Makes or updates everything, without azd. Needs: az (signed in as owner of the subscription), the .NET SDK, Node.js.
#   infra/deploy.sh NAME REGION ALERT_EMAIL [PARAMETER=VALUE…]      for example premium=true cosmosMaxThroughput=1000
set -eu
if [ $# -lt 3 ]; then
  sed -n 's/^#   //p' "$0" >&2
  exit 2
fi
name=$1 region=$2 email=$3
shift 3
cd "$(dirname "$0")/.."
group="rg-$name"
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT

# Built first: what does not build changes nothing on Azure.
dotnet publish api -c Release -r linux-x64 --self-contained -p:SkipWeb=true -o "$built/program" "-p:PackageFile=$built/app.zip"
npm --prefix web ci --no-audit --no-fund
npm --prefix web run build

az group create --name "$group" --location "$region" --output none
az deployment group create --resource-group "$group" --name healtheval --template-file infra/main.bicep --parameters "name=$name" "alertEmail=$email" "$@" --output none
output() { az deployment group show --resource-group "$group" --name healtheval --query "properties.outputs.$1.value" --output tsv; }
app=$(output functionApp)
web=$(output webApp)

case " $* " in
*" premium=true "*) # it runs the package from the container; uploading needs the role Storage Blob Data Contributor
  az storage blob upload --auth-mode login --account-name "$(output storageAccount)" --container-name packages --name app.zip --file "$built/app.zip" --overwrite --output none
  az functionapp restart --resource-group "$group" --name "$app" ;;
*)
  az functionapp deployment source config-zip --resource-group "$group" --name "$app" --src "$built/app.zip" --output none ;;
esac

SWA_CLI_DEPLOYMENT_TOKEN=$(az staticwebapp secrets list --resource-group "$group" --name "$web" --query properties.apiKey --output tsv)
export SWA_CLI_DEPLOYMENT_TOKEN
npx --yes @azure/static-web-apps-cli deploy web/dist --env production

echo "Ready: $(output webAddress)"
