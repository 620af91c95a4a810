#!/bin/sh
# After a deployment: asks the site, and the app past the site, what a stranger gets; and with somebody's cookie walks from a file to a report.
# Changes nothing but the project that is named. Needs curl, and az for the alerts' queries.
#   infra/smoke.sh GROUP SITE_ADDRESS [PROJECT COOKIE]     COOKIE: the value of StaticWebAppsAuthCookie of a signed-in lead (browser, developer tools)
set -eu
[ $# -eq 2 ] || [ $# -eq 4 ] || { sed -n 's/^#   //p' "$0" >&2; exit 2; }
group=$1 site=${2%/} project=${3-} cookie=${4-}
bad=0
said() { if [ "$1" = yes ]; then echo "ok      $2"; else echo "WRONG   $2${3:+: $3}"; bad=$((bad + 1)); fi; }
status() { curl --silent --show-error --max-time 60 --output "$answer" --write-out '%{http_code}' "$@" || echo 000; }
expect() { # WHAT STATUSES CURL-ARGUMENTS…
  what=$1 wanted=$2
  shift 2
  got=$(status "$@")
  case " $wanted " in *" $got "*) said yes "$what" ;; *) said no "$what" "answered $got, expected $wanted" ;; esac
}
answer=$(mktemp)
file=$(mktemp)
trap 'rm -f "$answer" "$file"' EXIT
app=$(az deployment group show --resource-group "$group" --name healtheval --query properties.outputs.functionApp.value --output tsv)
direct="https://$app.azurewebsites.net"
# {"identityProvider":"aad","userId":"0","userDetails":"smoke@example.org","userRoles":["anonymous","authenticated","admin"]}
forged=eyJpZGVudGl0eVByb3ZpZGVyIjoiYWFkIiwidXNlcklkIjoiMCIsInVzZXJEZXRhaWxzIjoic21va2VAZXhhbXBsZS5vcmciLCJ1c2VyUm9sZXMiOlsiYW5vbnltb3VzIiwiYXV0aGVudGljYXRlZCIsImFkbWluIl19

expect "the program is alive and its stores answer" 200 "$site/api/health"
expect "a stranger is sent to sign in" "302 401" "$site/api/me"
expect "a principal written by the caller is not believed through the site" "302 401" --header "x-ms-client-principal: $forged" "$site/api/me"
expect "nobody reaches the program past the site" "400 401 403" "$direct/api/me"
expect "nor with a principal of their own" "400 401 403" --header "x-ms-client-principal: $forged" "$direct/api/me"
expect "the host's address for events asks for its key" "401 403 404" --request POST "$direct/runtime/webhooks/blobs?functionName=Host.Functions.IngestBatch"

if [ -n "$cookie" ]; then
  set -- --cookie "StaticWebAppsAuthCookie=$cookie" --header "Origin: $site"
  expect "who has signed in is known" 200 "$@" "$site/api/me"
  printf '{"prompt":"Smoke test of %s: may two tablets of 500 mg be taken at once?","response":"This is a test of the deployment, not an answer."}\n' "$(date -u +%FT%TZ)" > "$file"
  expect "an upload link is given" "200 201" "$@" --request POST --header 'Content-Type: application/json' --data '{"name":"smoke.jsonl"}' "$site/api/batches/$project/uploads"
  link=$(sed -n 's/.*"url" *: *"\([^"]*\)".*/\1/p' "$answer" | sed 's/\\u0026/\&/g')
  expect "a file goes up by the link" 201 --request PUT --header 'x-ms-blob-type: BlockBlob' --upload-file "$file" "$link"
  receipt=no try=0
  while [ "$receipt" = no ] && [ "$try" -lt "${SMOKE_TRIES:-30}" ]; do
    sleep "${SMOKE_PAUSE:-5}"
    try=$((try + 1))
    if [ "$(status "$@" "$site/api/batches/$project")" = 200 ] && grep -Eq '"state" *: *"loaded' "$answer"; then receipt=yes; fi
  done
  said "$receipt" "the file has a receipt" "none after $try looks at $site/api/batches/$project"
  expect "a task is handed out, or there is none for this person" "200 204 403" "$@" --request POST --header 'Content-Type: application/json' --data "{\"projectId\":\"$project\"}" "$site/api/tasks/next"
  expect "last week's report is compiled" "200 201 202" "$@" --request POST "$site/api/reports/$project/$(date -u -d '7 days ago' +%G-W%V)"
fi

for rule in $(az monitor scheduled-query list --resource-group "$group" --query "[].name" --output tsv); do
  query=$(az monitor scheduled-query show --resource-group "$group" --name "$rule" --query "criteria.allOf[0].query" --output tsv)
  insights=$(az monitor scheduled-query show --resource-group "$group" --name "$rule" --query "scopes[0]" --output tsv)
  if az monitor app-insights query --apps "$insights" --analytics-query "$query" --output none 2>"$answer"; then said yes "alert $rule asks what can be answered"; else said no "alert $rule" "$(head -1 "$answer")"; fi
done
[ "$bad" -eq 0 ] || { echo "$bad wrong"; exit 1; }
