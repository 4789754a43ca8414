#!/bin/sh
# One-shot: the namespace and the search attributes that Rollcall's workflows set. Without them every workflow task would fail. Harmless when they are there already.
set -eu

namespace="${TEMPORAL_NAMESPACE:-rollcall}"

if ! temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1; then
  temporal operator namespace create --namespace "$namespace" --retention "${TEMPORAL_RETENTION:-720h}"
fi

# A new namespace takes up to ten seconds to be known everywhere.
tries=0
until existing=$(temporal operator search-attribute list --namespace "$namespace" --output json); do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || exit 1
  sleep 1
done

while read -r name type; do
  case "$existing" in
    *"\"$name\""*) echo "search attribute $name: there" ;;
    *) temporal operator search-attribute create --namespace "$namespace" --name "$name" --type "$type" ;;
  esac
done <<'ATTRIBUTES'
RollcallCustomer Keyword
RollcallPhase Keyword
RollcallHealth Keyword
RollcallSecretExpiresAt Datetime
RollcallLastSuccessAt Datetime
RollcallHolds Int
ATTRIBUTES

# Nor is a new search attribute; until then the server refuses workflows that set one, and Rollcall's worker waits for this job.
tries=0
until temporal workflow count --namespace "$namespace" --query 'RollcallCustomer is null and RollcallPhase is null and RollcallHealth is null and RollcallSecretExpiresAt is null and RollcallLastSuccessAt is null and RollcallHolds is null' >/dev/null; do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || exit 1
  sleep 1
done
