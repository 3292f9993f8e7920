// Small and cheap: one throughput unit, two silos, no private endpoints (storage and hub admit the apps' subnet alone).
using 'main.bicep'

param name = 'kappa'
param stage = 'dev'
param deployApps = bool(readEnvironmentVariable('KAPPA_DEPLOY_APPS', 'false'))
// The environment is internal: only its virtual network reaches the host.
param unsecured = true
param privateEndpoints = false

param hubTier = 'Standard'
param hubUnits = 1
param hubUnitsMax = 2
param partitions = 4
param hubRetentionHours = 24

param archiveRedundancy = 'Standard_LRS'
param archiveImmutableDays = 1

param stateRedundancy = 'Standard_LRS'
param signalRSku = 'Free_F1'
param registrySku = 'Basic'
param logRetentionDays = 30
param zoneRedundant = false

param siloSets = [
  { name: 'blue', image: readEnvironmentVariable('KAPPA_IMAGE', 'kappa-silo:0.1.0'), floor: 2, most: 2, portOffset: 0 }
]
// No silo above the floor, so none to start.
param scaleOnLag = false
param siloCpu = '0.5'
param siloMemory = '1Gi'
param webImage = readEnvironmentVariable('KAPPA_IMAGE', 'kappa-silo:0.1.0')
param webReplicas = { least: 1, most: 2 }
