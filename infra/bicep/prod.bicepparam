// Private endpoints, zones, an archive in two regions. What it costs: docs/azure-costs.md.
using 'main.bicep'

param name = 'kappa'
param stage = 'prod'
param deployApps = bool(readEnvironmentVariable('KAPPA_DEPLOY_APPS', 'false'))
// The environment is internal. Keep it so, or put an authenticating front before it (docs/deploy-azure.md, "Who can reach it").
param unsecured = true
param privateEndpoints = true

param hubTier = 'Standard'
param hubUnits = 2
param hubUnitsMax = 40
// For good: part of every position.
param partitions = 32
param hubRetentionHours = 168
param captureSeconds = 60

param archiveRedundancy = 'Standard_RAGZRS'
param archiveImmutableDays = 3650

param stateRedundancy = 'Standard_ZRS'
param signalRSku = 'Standard_S1'
param signalRUnits = 1
param registrySku = 'Premium'
param logRetentionDays = 90
param zoneRedundant = true

// One set; a second one, with other ports, only while an upgrade goes on.
param siloSets = [
  { name: 'blue', image: readEnvironmentVariable('KAPPA_IMAGE', 'kappa-silo:0.1.0'), floor: 3, most: 6, portOffset: 0 }
]
param scaleOnLag = true
param siloCpu = '2'
param siloMemory = '4Gi'
param webImage = readEnvironmentVariable('KAPPA_IMAGE', 'kappa-silo:0.1.0')
param webReplicas = { least: 2, most: 10 }
