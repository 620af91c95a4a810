#!/bin/sh
# After a deployment: lets Event Grid call the blob trigger of IngestBatch, at an address that holds the host's key blobs_extension. The key exists
# only once the app has started. Safe to repeat (after the key was changed, too); with intake = queue it takes the subscription away again.
#   infra/subscribe.sh GROUP APP SYSTEM_TOPIC blobTrigger|queue STORAGE_ACCOUNT
set -eu
[ $# -eq 5 ] || { sed -n 's/^#   //p' "$0" >&2; exit 2; }
group=$1 app=$2 topic=$3 intake=$4 account=$5
tries=${SUBSCRIBE_TRIES:-30} pause=${SUBSCRIBE_PAUSE:-10}
remove() {
  if az eventgrid system-topic event-subscription show --resource-group "$group" --system-topic-name "$topic" --name "$1" --output none 2>/dev/null; then
    az eventgrid system-topic event-subscription delete --resource-group "$group" --system-topic-name "$topic" --name "$1" --yes --output none
  fi
}

if [ "$intake" = queue ]; then # the template has made the subscription that writes to the queue
  remove drops-webhook
  exit 0
fi

try=0
until key=$(az functionapp keys list --resource-group "$group" --name "$app" --query systemKeys.blobs_extension --output tsv 2>/dev/null) && [ -n "$key" ]; do
  try=$((try + 1))
  [ "$try" -lt "$tries" ] || { echo "The host of $app has made no key blobs_extension: has it started, with the function IngestBatch? Then run this again." >&2; exit 1; }
  sleep "$pause"
done

try=0
until az eventgrid system-topic event-subscription create --resource-group "$group" --system-topic-name "$topic" --name drops-webhook \
  --endpoint-type webhook --endpoint "https://$app.azurewebsites.net/runtime/webhooks/blobs?functionName=Host.Functions.IngestBatch&code=$key" \
  --included-event-types Microsoft.Storage.BlobCreated --subject-begins-with /blobServices/default/containers/healtheval/blobs/drop/ \
  --max-delivery-attempts 30 --event-ttl 1440 --deadletter-identity systemassigned --deadletter-identity-endpoint \
  "$(az storage account show --name "$account" --query id --output tsv)/blobServices/default/containers/undelivered-events" --output none; do
  try=$((try + 1))
  [ "$try" -lt "$tries" ] || { echo "Event Grid could not reach the app, which must answer its question for validation. Run this again." >&2; exit 1; }
  sleep "$pause"
done
remove drops # what another intake left
