// OrleansKappa on Azure: the log (Event Hubs with Capture), the views (Orleans silos on Container Apps), the API and
// dashboard (the same image in its role `web`), and what they stand on. docs/deploy-azure.md is the guide.
//
// One deployment, two passes: with `deployApps` false everything but the apps, so that there is a registry to push the
// image to; then with true. Both are idempotent.
targetScope = 'resourceGroup'

@description('Short name of this installation; part of every resource name.')
@minLength(3)
@maxLength(11)
param name string

@description('Region of everything here.')
param location string = resourceGroup().location

@description('dev or prod; a tag, and part of names that must be unique in the world.')
@allowed(['dev', 'prod'])
param stage string

@description('Tags of every resource.')
param tags object = {}

@description('The apps are deployed only once their image is in the registry.')
param deployApps bool

@description('There is no access control in the host yet: with true it listens beyond loopback. The environment is internal, so only its virtual network reaches it; keep it so, or put an authenticating front before it.')
param unsecured bool

@description('Private endpoints instead of service endpoints; services then have no public address at all unless allowedIps names some.')
param privateEndpoints bool

@description('Addresses (CIDR) of people or build agents that may reach storage, hub and registry from outside the network.')
param allowedIps string[] = []

@description('Address space of the virtual network: a /23, the apps take its first half.')
param addressPrefix string = '10.40.0.0/23'

// ---- The log

@description('Standard or Premium. Capture costs extra in Standard and is included in Premium.')
@allowed(['Standard', 'Premium'])
param hubTier string

@description('Throughput units (Standard: 1 MB/s or 1,000 events/s in, 2 MB/s out, each) or processing units (Premium).')
@minValue(1)
@maxValue(40)
param hubUnits int

@description('Standard only: grow to so many throughput units by itself; it never shrinks by itself. 0 switches it off.')
@minValue(0)
@maxValue(40)
param hubUnitsMax int

@description('Partitions of the log. Part of every position, so it can never be changed; also the bound of parallel reading.')
@minValue(1)
@maxValue(32)
param partitions int

@description('How long the hub keeps events. The archive keeps them for good; this is how long silos may be down and still read from the hub alone.')
@minValue(24)
@maxValue(2160)
param hubRetentionHours int

@description('An event is captured after so many seconds at the latest: what a loss of the region can cost.')
@minValue(60)
@maxValue(900)
param captureSeconds int = 300

// ---- The archive

@description('Redundancy of the archive. It is the only thing here that cannot be made again.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS', 'Standard_RAGRS', 'Standard_RAGZRS'])
param archiveRedundancy string

@description('Nobody, whatever their role, can change or delete a captured file for so many days. The policy is deployed unlocked; lock it by hand once sure (see the guide).')
@minValue(1)
@maxValue(146000)
param archiveImmutableDays int

@description('Captured files move to the cool tier after so many days, and to the cold tier after coldAfterDays. Never to the archive tier: a rebuild reads them all, at once.')
param coolAfterDays int = 30

@description('See coolAfterDays.')
param coldAfterDays int = 180

// ---- Grain state and clustering

@description('Redundancy of grain state. Losing it costs a rebuild, not data.')
@allowed(['Standard_LRS', 'Standard_ZRS'])
param stateRedundancy string

// ---- Push

@description('SKU of Azure SignalR. Free_F1 has 20 connections and no network rules.')
@allowed(['Free_F1', 'Standard_S1', 'Premium_P1'])
param signalRSku string

@description('Units of Azure SignalR, 1,000 connections each.')
param signalRUnits int = 1

// ---- Apps

@description('Basic has no private endpoint; Premium has.')
@allowed(['Basic', 'Standard', 'Premium'])
param registrySku string

@description('Log Analytics keeps so many days.')
@minValue(30)
@maxValue(730)
param logRetentionDays int

@description('Zone redundancy of the Container Apps environment; fixed once it exists.')
param zoneRedundant bool

@description('Name of the Orleans cluster. Silos and clients with the same one find each other; a new one starts from the stored grain state all the same.')
param clusterId string = 'kappa'

@description('A set of silos of one version. While versions change there are two sets, with different ports (see the guide, "Upgrade").')
type siloSet = {
  @description('Part of the app names.')
  @minLength(1)
  @maxLength(6)
  name: string

  @description('Repository and tag or digest in the registry, such as kappa-silo:0.1.0.')
  image: string

  @description('So many silos always run.')
  @minValue(0)
  @maxValue(20)
  floor: int

  @description('So many silos run at most; those above the floor come and go with the lag, if scaleOnLag is true.')
  @minValue(1)
  @maxValue(20)
  most: int

  @description('The first silo listens on 11111 + portOffset and 30000 + portOffset, the next one higher. Sets must not overlap.')
  @minValue(0)
  @maxValue(980)
  portOffset: int
}

@description('The sets of silos.')
param siloSets siloSet[]

@description('Starts silos above the floor when the log is ahead of what the views have dealt with (see the guide, "Scaling").')
param scaleOnLag bool

@description('Events that the views may lag behind for each silo above the floor.')
param lagPerSilo int = 50000

@description('Processors of a silo, as a number in quotes.')
param siloCpu string

@description('Memory of a silo; Container Apps wants 2 GiB for each processor.')
param siloMemory string

@description('Image of the web app: the same as that of the silos.')
param webImage string

@description('Least and most replicas of the web app.')
param webReplicas { least: int, most: int }

@description('HTTP requests at once for each replica of the web app. Watches by SSE are requests that last.')
param webConcurrency int = 200

@description('OTLP endpoint for metrics. The managed agent sends traces and logs to Application Insights, but no metrics; without an endpoint they are not exported.')
param metricsEndpoint string = ''

var allTags = union({ application: 'orleans-kappa', stage: stage }, tags)
var prefix = '${name}-${stage}'
// Storage accounts, hubs and registries share one namespace with the whole world.
var unique = take(uniqueString(resourceGroup().id, name, stage), 8)
var compact = toLower(replace('${name}${stage}${unique}', '-', ''))

module network 'modules/network.bicep' = {
  name: 'network'
  params: {
    name: prefix
    location: location
    tags: allTags
    addressPrefix: addressPrefix
    privateEndpoints: privateEndpoints
  }
}

module observability 'modules/observability.bicep' = {
  name: 'observability'
  params: { name: prefix, location: location, tags: allTags, retentionDays: logRetentionDays }
}

module identities 'modules/identities.bicep' = {
  name: 'identities'
  params: { name: prefix, location: location, tags: allTags }
}

module registry 'modules/registry.bicep' = {
  name: 'registry'
  params: {
    name: take(compact, 50)
    location: location
    tags: allTags
    sku: registrySku
    allowedIps: allowedIps
    privateEndpoints: privateEndpoints
    endpointSubnetId: network.outputs.endpointSubnetId
    zoneId: network.outputs.registryZoneId
    workspaceId: observability.outputs.workspaceId
    pullers: [identities.outputs.silo.principalId, identities.outputs.web.principalId]
  }
}

module archive 'modules/archive.bicep' = {
  name: 'archive'
  params: {
    name: take('${compact}arc', 24)
    location: location
    tags: allTags
    redundancy: archiveRedundancy
    immutableDays: archiveImmutableDays
    coolAfterDays: coolAfterDays
    coldAfterDays: coldAfterDays
    allowedIps: allowedIps
    appsSubnetId: network.outputs.appsSubnetId
    privateEndpoints: privateEndpoints
    endpointSubnetId: network.outputs.endpointSubnetId
    zoneId: network.outputs.blobZoneId
    workspaceId: observability.outputs.workspaceId
    writerPrincipalId: identities.outputs.capture.principalId
    readerPrincipalId: identities.outputs.silo.principalId
  }
}

module state 'modules/state.bicep' = {
  name: 'state'
  params: {
    name: take('${compact}sta', 24)
    location: location
    tags: allTags
    redundancy: stateRedundancy
    allowedIps: allowedIps
    appsSubnetId: network.outputs.appsSubnetId
    privateEndpoints: privateEndpoints
    endpointSubnetId: network.outputs.endpointSubnetId
    blobZoneId: network.outputs.blobZoneId
    tableZoneId: network.outputs.tableZoneId
    workspaceId: observability.outputs.workspaceId
    siloPrincipalId: identities.outputs.silo.principalId
    webPrincipalId: identities.outputs.web.principalId
  }
}

module log 'modules/log.bicep' = {
  name: 'log'
  params: {
    name: '${prefix}-${unique}'
    location: location
    tags: allTags
    tier: hubTier
    units: hubUnits
    unitsMax: hubUnitsMax
    partitions: partitions
    retentionHours: hubRetentionHours
    captureSeconds: captureSeconds
    captureIdentityId: identities.outputs.capture.id
    // Capture fails while its identity may not write, so the archive's roles come first.
    archiveAccountId: archive.outputs.accountId
    archiveContainer: archive.outputs.container
    allowedIps: allowedIps
    appsSubnetId: network.outputs.appsSubnetId
    privateEndpoints: privateEndpoints
    endpointSubnetId: network.outputs.endpointSubnetId
    zoneId: network.outputs.hubZoneId
    workspaceId: observability.outputs.workspaceId
    senderPrincipalId: identities.outputs.web.principalId
    receiverPrincipalId: identities.outputs.silo.principalId
  }
}

module push 'modules/push.bicep' = {
  name: 'push'
  params: {
    name: '${prefix}-${unique}'
    location: location
    tags: allTags
    sku: signalRSku
    units: signalRUnits
    privateEndpoints: privateEndpoints
    endpointSubnetId: network.outputs.endpointSubnetId
    zoneId: network.outputs.signalRZoneId
    workspaceId: observability.outputs.workspaceId
    serverPrincipalId: identities.outputs.web.principalId
  }
}

module environment 'modules/environment.bicep' = {
  name: 'environment'
  params: {
    name: prefix
    location: location
    tags: allTags
    appsSubnetId: network.outputs.appsSubnetId
    networkId: network.outputs.networkId
    workspaceId: observability.outputs.workspaceId
    insightsName: observability.outputs.insightsName
    metricsEndpoint: metricsEndpoint
    zoneRedundant: zoneRedundant
  }
}

var silos = flatten(map(
  siloSets,
  set =>
    map(range(0, set.most), i => {
      app: '${prefix}-silo-${set.name}-${i}'
      image: set.image
      // 0 for the silos of the floor; the first one above it starts at one share of lag, the next at two.
      lagShares: i < set.floor ? 0 : i - set.floor + 1
      siloPort: 11111 + set.portOffset + i
      gatewayPort: 30000 + set.portOffset + i
    })
))

// One after the other, so that an upgrade in place never takes two silos away at once.
@batchSize(1)
module siloApps 'modules/silo.bicep' = [
  for silo in silos: if (deployApps && (silo.lagShares == 0 || scaleOnLag)) {
    name: silo.app
    params: {
      name: silo.app
      location: location
      tags: allTags
      environmentId: environment.outputs.id
      environmentAddress: environment.outputs.staticIp
      registryServer: registry.outputs.loginServer
      image: silo.image
      identity: identities.outputs.silo
      cpu: siloCpu
      memory: siloMemory
      unsecured: unsecured
      clusterId: clusterId
      siloPort: silo.siloPort
      gatewayPort: silo.gatewayPort
      lagShares: silo.lagShares
      lagPerSilo: lagPerSilo
      checkpoints: scaleOnLag
      hub: log.outputs.hub
      state: state.outputs.state
      captureUri: archive.outputs.containerUri
    }
  }
]

module web 'modules/web.bicep' = if (deployApps) {
  name: 'web'
  params: {
    name: '${prefix}-web'
    location: location
    tags: allTags
    environmentId: environment.outputs.id
    registryServer: registry.outputs.loginServer
    image: webImage
    identity: identities.outputs.web
    replicas: webReplicas
    concurrency: webConcurrency
    unsecured: unsecured
    clusterId: clusterId
    hub: log.outputs.hub
    tablesUri: state.outputs.state.tablesUri
    signalRHost: push.outputs.host
  }
  // Web is a client of the cluster: silos first.
  dependsOn: [siloApps]
}

@description('Push images here.')
output registryServer string = registry.outputs.loginServer

@description('The API and dashboard, from inside the virtual network.')
output webUrl string = 'https://${prefix}-web.${environment.outputs.defaultDomain}'

@description('Silos advertise this address, each with ports of its own.')
output environmentAddress string = environment.outputs.staticIp

@description('Event Hubs namespace, hub and consumer group.')
output hub object = log.outputs.hub

@description('Where Capture writes.')
output captureUri string = archive.outputs.containerUri

@description('Grain state and clustering.')
output tablesUri string = state.outputs.state.tablesUri

@description('Logs, metrics and traces.')
output workspaceId string = observability.outputs.workspaceId
