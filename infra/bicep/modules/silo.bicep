// One silo: a container app with at most one replica, because an Orleans silo needs an address that leads to it alone, and
// Container Apps documents none for a replica. The environment's address with a port of its own is such a one.
import { identity as identityType } from 'identities.bicep'
import { hubPlace } from 'log.bicep'
import { stateStore } from 'state.bicep'

@maxLength(32)
param name string

param location string
param tags object
param environmentId string

@description('What silos advertise: the static address of the environment.')
param environmentAddress string

param registryServer string
param image string
param identity identityType
param cpu string
param memory string
param unsecured bool
param clusterId string
param siloPort int
param gatewayPort int

@description('0: always on. Otherwise it starts when the log is ahead of the checkpoints by so many shares of lagPerSilo.')
param lagShares int

param lagPerSilo int

@description('The host is told to write checkpoint blobs.')
param checkpoints bool

param hub hubPlace
param state stateStore
param captureUri string

var elastic = lagShares > 0

var settings = {
  Kappa__Roles: 'silo'
  Kappa__Unsecured: unsecured ? 'true' : 'false'
  Kappa__Cluster__Id: clusterId
  Kappa__Cluster__Service: 'kappa'
  Kappa__Cluster__AdvertisedAddress: environmentAddress
  Kappa__Cluster__AdvertisedSiloPort: string(siloPort)
  Kappa__Cluster__AdvertisedGatewayPort: string(gatewayPort)
  Kappa__Azure__ClientId: identity.clientId
  AZURE_CLIENT_ID: identity.clientId
  Kappa__Azure__EventHubs__Namespace: hub.namespace
  Kappa__Azure__EventHubs__Hub: hub.name
  Kappa__Azure__EventHubs__ConsumerGroup: hub.consumerGroup
  Kappa__Azure__Tables__Uri: state.tablesUri
  Kappa__Azure__Blobs__Uri: state.blobsUri
  Kappa__Azure__Capture__Uri: captureUri
}
var checkpointSettings = checkpoints
  ? { Kappa__Azure__Checkpoints__Uri: '${state.blobsUri}${state.checkpointContainer}' }
  : {}

resource silo 'Microsoft.App/containerApps@2026-01-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      // Two active revisions would both answer on this silo's ports. A new version gets apps of its own instead.
      activeRevisionsMode: 'Single'
      registries: [{ server: registryServer, identity: identity.id }]
      // "External" means the virtual network here: the environment is internal.
      ingress: {
        external: true
        transport: 'tcp'
        targetPort: 11111
        exposedPort: siloPort
        additionalPortMappings: [{ external: true, targetPort: 30000, exposedPort: gatewayPort }]
      }
    }
    template: {
      // Stop taking work, write behind, deactivate, leave the cluster: the host gives itself 90 seconds (AzureEngine).
      terminationGracePeriodSeconds: 120
      containers: [
        {
          name: 'silo'
          image: '${registryServer}/${image}'
          resources: { cpu: json(cpu), memory: memory }
          env: map(items(union(settings, checkpointSettings)), setting => { name: setting.key, value: setting.value })
          probes: [
            // A silo listens for others first, joins the cluster then (Orleans tries for five minutes), and answers HTTP last. So it has
            // started once it listens: ingress must lead here while it joins, or the others could not probe it and would vote it dead.
            {
              type: 'Startup'
              tcpSocket: { port: 11111 }
              periodSeconds: 2
              timeoutSeconds: 2
              failureThreshold: 240
            }
            // Ready is where others may connect, not where all is well.
            {
              type: 'Readiness'
              tcpSocket: { port: 11111 }
              periodSeconds: 5
              timeoutSeconds: 5
              failureThreshold: 3
            }
            // Patient enough for the join. A silo that does not answer the others is out of the cluster within seconds anyway; this only
            // starts its process again.
            {
              type: 'Liveness'
              httpGet: { path: '/health/live', port: 8080 }
              periodSeconds: 15
              timeoutSeconds: 5
              failureThreshold: 28
            }
          ]
        }
      ]
      scale: {
        minReplicas: elastic ? 0 : 1
        maxReplicas: 1
        // A silo that comes and goes moves grains each time; let it stay a while.
        cooldownPeriod: 900
        pollingInterval: 30
        rules: elastic
          ? [
              {
                name: 'lag'
                custom: {
                  type: 'azure-eventhub'
                  identity: identity.id
                  // The scaler looks below these names as they stand here, and the host writes in lower case, as Azure's own processors do.
                  metadata: {
                    eventHubNamespace: toLower(split(hub.namespace, '.')[0])
                    eventHubName: toLower(hub.name)
                    consumerGroup: hub.consumerGroup
                    storageAccountName: state.account
                    blobContainer: state.checkpointContainer
                    checkpointStrategy: 'blobMetadata'
                    unprocessedEventThreshold: string(lagPerSilo)
                    activationUnprocessedEventThreshold: string(lagShares * lagPerSilo)
                  }
                }
              }
            ]
          : []
      }
    }
  }
}
